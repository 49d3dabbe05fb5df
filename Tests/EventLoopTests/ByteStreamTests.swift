import EventLoop
import TestSupport
import Testing

/// Notes what a stream tells.
final class Recorder: ByteStreamHandler {
    var connected = false
    var failure: LoopError?
    var bytes: [UInt8] = []
    var end: StreamEnd?
    var onBytes: (ByteStream) -> Void = { _ in }

    func streamConnected(_ stream: ByteStream) {
        connected = true
        stream.start(self)
    }
    func stream(_ stream: ByteStream, connectFailed error: LoopError) { failure = error }
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        for position in 0..<bytes.count { self.bytes.append(bytes[position]) }
        onBytes(stream)
    }
    func stream(_ stream: ByteStream, ended end: StreamEnd) { self.end = end }
}

@Suite("Byte streams")
struct ByteStreamTests {
    let runner: LoopRunner
    var loop: EventLoop { runner.loop }

    init() throws { runner = try LoopRunner() }

    private func listener(_ onAccept: @escaping (ByteStream) -> Void) throws -> Listener {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let socket = try ListeningSocket.listen(on: address, count: 1)[0]
        return try Listener(socket, on: loop) { event in
            if case .accepted(let stream) = event { onAccept(stream) }
        }
    }

    @Test("carry bytes both ways and end with FIN")
    func echo() throws {
        let server = Recorder()
        var accepted: ByteStream?
        let listener = try listener {
            accepted = $0
            $0.start(server)
        }
        server.onBytes = { stream in
            stream.write(server.bytes)
            stream.finish()
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.connected })
        stream.write(Array("hello".utf8))
        #expect(runner.run { client.end == .finished })
        #expect(client.bytes == Array("hello".utf8))
        #expect(accepted?.peer?.host == "127.0.0.1")
        stream.close()
    }

    @Test("tell a reset from an end")
    func reset() throws {
        let server = Recorder()
        let listener = try listener { $0.start(server) }
        server.onBytes = { $0.reset() }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.connected })
        stream.write([1])
        #expect(runner.run { client.end != nil })
        #expect(client.end == .reset)
        stream.close()
    }

    @Test("say when nobody listens")
    func refused() throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let gone = try ListeningSocket.listen(on: any, count: 1)[0]
        gone.close()
        let client = Recorder()
        _ = ByteStream.connect(to: gone.address, on: loop, handler: client)
        #expect(runner.run { client.failure != nil })
        #expect(client.failure?.isConnectionRefused == true)
    }

    @Test("end for a reader that takes nothing, at their limit and not before")
    func slowReader() throws {
        let server = Recorder()
        var accepted: ByteStream?
        let listener = try listener {
            $0.start(server)
            $0.pendingBytesMax = 100_000
            accepted = $0
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { accepted != nil && client.connected })
        stream.pauseReading()
        let chunk = [UInt8](repeating: 7, count: 50_000)
        // The kernel's buffers take some megabytes; then bytes wait here.
        for _ in 0..<1000 where server.end == nil { accepted?.write(chunk) }
        #expect(runner.run { server.end != nil })
        guard case .tooSlow(let pending) = server.end else {
            return #expect(Bool(false), "\(String(describing: server.end))")
        }
        #expect(pending > 100_000 && pending <= 150_000)
        #expect((accepted?.pendingBytes ?? 0) <= 100_000)
        accepted?.close()
        stream.close()
    }

    @Test("deliver what was written before a finish, also to a reader that begins late")
    func finishFlushes() throws {
        let payload = [UInt8](repeating: 1, count: 3_000_000)
        var accepted: ByteStream?
        let listener = try listener {
            $0.pendingBytesMax = .max
            $0.write(payload)
            $0.finish()
            accepted = $0
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.end != nil })
        #expect(client.end == .finished)
        #expect(client.bytes.count == payload.count)
        stream.close()
        #expect(runner.run { accepted?.isClosing == true })
    }

    @Test("let the last answer through although the peer still sends")
    func answerSurvivesUnreadInput() throws {
        let server = Recorder()
        let listener = try listener { $0.start(server) }
        server.onBytes = { stream in
            stream.write(Array("no more, please".utf8))
            stream.finish()
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.connected })
        for _ in 0..<10 { stream.write([UInt8](repeating: 3, count: 60_000)) }
        #expect(runner.run { client.end != nil })
        #expect(client.end == .finished)
        #expect(client.bytes == Array("no more, please".utf8))
        stream.close()
    }

    @Test("come over local sockets, and name the user at the other end")
    func local() throws {
        let directory = try TestDirectory()
        let path = directory.path("s")
        var user: UInt32?
        let listener = try Listener(try ListeningSocket.listen(atPath: path), on: loop) { event in
            if case .accepted(let stream) = event {
                user = stream.peerUserID
                stream.write(Array("hi".utf8))
                stream.finish()
            }
        }
        let client = Recorder()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: client)
        #expect(runner.run { client.end != nil })
        #expect(client.bytes == Array("hi".utf8))
        #expect(user != nil)
        stream.close()
    }
}

@Suite("Listening")
struct ListeningTests {
    @Test("on a port that somebody listens on is refused, although sockets of one server share it")
    func inUse() throws {
        let any = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let first = try ListeningSocket.listen(on: any, count: 3)
        #expect(Set(first.map(\.address)).count == 1)
        let error = #expect(throws: LoopError.self) { try ListeningSocket.listen(on: first[0].address, count: 1) }
        #expect(error?.isAddressInUse == true)
        first.forEach { $0.close() }
        try ListeningSocket.listen(on: first[0].address, count: 1).forEach { $0.close() }
    }

    @Test("on a local socket that nobody answers takes its place; on one in use it is refused")
    func staleSocket() throws {
        let directory = try TestDirectory()
        let path = directory.path("s")
        let first = try ListeningSocket.listen(atPath: path)
        let error = #expect(throws: LoopError.self) { try ListeningSocket.listen(atPath: path) }
        #expect(error?.isAddressInUse == true)
        first.close()
        try ListeningSocket.listen(atPath: path).close()
    }

    @Test("addresses are read and written as people do")
    func addresses() {
        #expect(SocketAddress(parsing: "127.0.0.1:443")?.description == "127.0.0.1:443")
        #expect(SocketAddress(parsing: "[::1]:443")?.description == "[::1]:443")
        for wrong in ["::1:443", "127.0.0.1", "[127.0.0.1]:1", "host:1", "127.0.0.1:65536", ":443", ""] {
            #expect(SocketAddress(parsing: wrong) == nil)
        }
    }
}

@Suite("Loops")
struct EventLoopTests {
    @Test("run what other threads post, in order")
    func post() throws {
        let thread = try EventLoopThread()
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        _ = stream
        let order = Order()
        for number in 0..<1000 {
            thread.loop.post {
                order.numbers.append(number)
                if number == 999 { continuation.finish() }
            }
        }
        thread.loop.stop()
        thread.join()
        #expect(order.numbers == Array(0..<1000))
    }

    private final class Order: @unchecked Sendable { var numbers: [Int] = [] }

    @Test("call timers once or again, and not when they are dropped")
    func timers() throws {
        let runner = try LoopRunner()
        var once = 0
        var again = 0
        var dropped = 0
        let first = LoopTimer(on: runner.loop)
        first.start(after: .milliseconds(1)) { once += 1 }
        let second = LoopTimer(on: runner.loop)
        second.start(after: .zero, repeating: .milliseconds(1)) { again += 1 }
        do {
            let third = LoopTimer(on: runner.loop)
            third.start(after: .milliseconds(1)) { dropped += 1 }
        }
        #expect(runner.run { again >= 5 })
        #expect(once == 1)
        #expect(dropped == 0)
    }
}
