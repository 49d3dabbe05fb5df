import COpenSSL
import EventLoop
import Foundation
import TestSupport
import Testing

@testable import SecureTransport

@Suite("The pool of record buffers")
struct RecordBufferPoolTests {
    /// Runs the body in a thread of its own, with no list yet, and waits for the end of both.
    private func inThread(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.start()
        done.wait()
    }

    @Test("is what OpenSSL gets its memory from")
    func installed() {
        #expect(RecordBufferPool.isInstalled)
    }

    @Test("gives a thread the block again that it gave back last")
    func again() throws {
        #expect(RecordBufferPool.isInstalled)
        inThread {
            guard let first = RecordBufferPool.take(), let second = RecordBufferPool.take() else {
                return #expect(Bool(false), "no block is free")
            }
            #expect(first != second)
            #expect(RecordBufferPool.owns(first) && RecordBufferPool.owns(second))
            RecordBufferPool.give(first)
            RecordBufferPool.give(second)
            #expect(RecordBufferPool.blocksOfThisThread == 2)
            #expect(RecordBufferPool.take() == second)
            #expect(RecordBufferPool.take() == first)
            #expect(RecordBufferPool.blocksOfThisThread == 0)
            RecordBufferPool.give(first)
            RecordBufferPool.give(second)
        }
    }

    @Test("keeps so many blocks a thread, and no more, and has them all back when the thread has ended")
    func bounded() {
        #expect(RecordBufferPool.isInstalled)
        for _ in 0..<20 {
            inThread {
                // More in all rounds than there are: those of a thread that ended are used again.
                let blocks = (0..<3 * RecordBufferPool.blocksPerThreadMax).compactMap { _ in RecordBufferPool.take() }
                #expect(blocks.count == 3 * RecordBufferPool.blocksPerThreadMax)
                #expect(Set(blocks).count == blocks.count)
                for block in blocks { memset(block, 0xA5, RecordBufferPool.blockBytes) }
                for block in blocks { RecordBufferPool.give(block) }
                #expect(RecordBufferPool.blocksOfThisThread == RecordBufferPool.blocksPerThreadMax)
            }
        }
    }

    @Test("lets a block change threads")
    func otherThread() throws {
        #expect(RecordBufferPool.isInstalled)
        let block = UInt(bitPattern: RecordBufferPool.take())
        inThread {
            guard let other = UnsafeMutableRawPointer(bitPattern: block) else { return }
            RecordBufferPool.give(other)
            #expect(RecordBufferPool.blocksOfThisThread == 1)
            #expect(RecordBufferPool.take() == other)
            RecordBufferPool.give(other)
        }
    }

    @Test("serves several threads at once, each block to one of them")
    func manyThreads() {
        #expect(RecordBufferPool.isInstalled)
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            let mark = UInt8(number + 1)
            for _ in 0..<200 {
                let blocks = (0..<10).compactMap { _ in RecordBufferPool.take() }
                for block in blocks { memset(block, Int32(mark), RecordBufferPool.blockBytes) }
                let isMine = blocks.allSatisfy { block in
                    let bytes = UnsafeRawBufferPointer(start: block, count: RecordBufferPool.blockBytes)
                    return bytes.first == mark && bytes.last == mark && bytes[9_000] == mark
                }
                #expect(isMine)
                for block in blocks { RecordBufferPool.give(block) }
            }
        }
    }

    @Test("serves OpenSSL's requests of a record's size and leaves the others to malloc")
    func hooks() throws {
        #expect(RecordBufferPool.isInstalled)
        for (bytes, isRecord) in [(1, false), (16_383, false), (16_384, true), (18_432, true), (18_433, false)] {
            let block = try #require(CRYPTO_malloc(bytes, nil, 0))
            #expect(RecordBufferPool.owns(block) == isRecord, "\(bytes) bytes")
            memset(block, 1, bytes)
            let larger = try #require(CRYPTO_realloc(block, 40_000, nil, 0))
            #expect(!RecordBufferPool.owns(larger))
            #expect(larger.load(fromByteOffset: bytes - 1, as: UInt8.self) == 1)
            CRYPTO_free(larger, nil, 0)
        }
        CRYPTO_free(CRYPTO_malloc(17_000, nil, 0), nil, 0)
        CRYPTO_free(nil, nil, 0)
    }

    @Test("serves the records of a connection: the loop's thread keeps their buffers")
    func records() throws {
        let runner = try LoopRunner()
        let fixture = try TLSFixture()
        let (server, client) = (SecureRecorder(), SecureRecorder())
        var accepted: SecureStream?
        let context = try fixture.server(records: .openssl)
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let socket = try ListeningSocket.listen(on: address, count: 1)[0]
        let listener = try Listener(socket, on: runner.loop) { event in
            guard case .accepted(let stream) = event else { return }
            accepted = try? SecureStream(accepting: stream, context: context, delegate: server)
        }
        let stream = try SecureStream(
            dialling: listener.address, context: try fixture.client(), serverName: nil, expecting: .anybody,
            identity: nil, on: runner.loop, delegate: client)
        #expect(runner.run { server.facts != nil && client.facts != nil })
        stream.write(Array(repeating: 7, count: 30_000))
        #expect(runner.run { server.bytes.count == 30_000 })
        #expect((1...RecordBufferPool.blocksPerThreadMax).contains(RecordBufferPool.blocksOfThisThread))
        stream.close()
        accepted?.close()
    }
}
