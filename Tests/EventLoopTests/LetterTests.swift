import EventLoop
import Synchronization
import Testing

@Suite("Letters to a loop")
struct LetterTests {
    private final class Notes: Sendable {
        let read = Mutex<[Int]>([])
        let rings = Mutex(0)
    }

    @Test func `a batch that takes long lets others have their turn, and is read in its order`() throws {
        let loop = try EventLoop()
        let notes = Notes()
        let timer = LoopTimer(on: loop)
        timer.start(after: .zero, repeating: .milliseconds(1)) { notes.rings.withLock { $0 += 1 } }
        let ringsAtLast = Mutex(0)
        for number in 0..<20 {
            loop.post {
                let end = EventLoop.monotonicNanoseconds + 2_000_000
                while EventLoop.monotonicNanoseconds < end {}
                notes.read.withLock { $0.append(number) }
                // Letters that arrive meanwhile come after those that were there.
                if number < 2 { loop.post { notes.read.withLock { $0.append(100 + number) } } }
            }
        }
        loop.post {
            ringsAtLast.withLock { $0 = notes.rings.withLock { $0 } }
            loop.post { loop.stop() }
        }
        loop.run()
        let (read, rings) = (notes.read.withLock { $0 }, ringsAtLast.withLock { $0 })
        #expect(read == Array(0..<20) + [100, 101])
        #expect(rings >= 10)
        loop.closeEverything()
    }
}
