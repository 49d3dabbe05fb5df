import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("A loop that is behind")
struct CaughtUpTests {
    @Test("a timer sees up to when everything that had arrived was read: not what came during a long turn")
    func behind() throws {
        let runner = try LoopRunner()
        let loop = runner.loop
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let server = Recorder()
        let listener = try Listener(ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            if case .accepted(let stream) = event { stream.start(server) }
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.connected })

        // A turn in which the client speaks first, and then nothing is read for a while.
        var spokeAt: UInt64?
        let timer = LoopTimer(on: loop)
        timer.start(after: .milliseconds(1), repeating: .milliseconds(1)) {
            if let spokeAt {
                // Whenever it claims to have caught up with the moment of speaking, it has heard.
                #expect(loop.caughtUpTo < spokeAt || !server.bytes.isEmpty)
            } else {
                stream.write(Array("hello".utf8))
                let until = EventLoop.monotonicNanoseconds + 30_000_000
                while EventLoop.monotonicNanoseconds < until {}
                loop.updateTime()
                spokeAt = loop.now
            }
        }
        #expect(runner.run { !server.bytes.isEmpty && loop.caughtUpTo > (spokeAt ?? .max) })
        timer.cancel()
        stream.close()
    }
}
