import EventLoop
import Foundation
import SecureTransport
import TestServer
import Testing

@testable import AgentClient

@Suite("A look at a process server's port")
struct DataPathLookTests {
    /// What a look finds: an empty text if TLS gets through.
    private func look(at host: String = "127.0.0.1", _ port: UInt16) async throws -> String? {
        let thread = try EventLoopThread()
        let found = Locked<String?>(nil)
        let loop = thread.loop
        let context = try TLSContext.client(servers: .anybody)
        loop.post {
            _ = DataPathLook(at: host, port: port, context: context, limit: .seconds(20), on: loop) {
                found.set($0 ?? "")
            }
        }
        #expect(await eventually { found.value != nil })
        loop.stop()
        thread.join()
        return found.value
    }

    @Test func `finds it open when anybody speaks TLS there, whoever signed for him`() async throws {
        let server = try TestServer()
        #expect(try await look(server.port) == "")
    }

    @Test func `says that nobody listens, or that the name has no address`() async throws {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        var socket = try ListeningSocket.listen(on: address, count: 1).first
        let port = try #require(socket?.address.port)
        socket = nil
        #expect(try await look(port)?.contains("refused") == true)
        #expect(try await look(at: "no-such-host.invalid", 9_443)?.contains("no address") == true)
    }

    @Test func `tells what takes connections and does not speak TLS`() async throws {
        let thread = try EventLoopThread()
        let loop = thread.loop
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let socket = try #require(try ListeningSocket.listen(on: address, count: 1).first)
        let listener = Locked<LoopBound<Listener>?>(nil)
        loop.post {
            // A proxy that asks who one is.
            let made = try? Listener(socket, on: loop) { event in
                guard case .accepted(let stream) = event else { return }
                stream.write(Array("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".utf8).span)
                stream.finish()
            }
            listener.set(made.map { LoopBound($0, of: loop) })
        }
        #expect(try await look(socket.address.port)?.contains("TLS does not") == true)
        loop.post { listener.set(nil) }
        loop.stop()
        thread.join()
    }
}
