import COpenSSL
import EventLoop
import Foundation
import SecureTransport
import TestSupport
import Testing

/// After the handshake a server's session holds no certificate and no session any more; a peer must not notice.
@Suite("Lean sessions")
struct LeanSessionTests {
    let runner: LoopRunner
    let fixture: TLSFixture
    let recorder = SecureRecorder()
    var loop: EventLoop { runner.loop }

    init() throws {
        runner = try LoopRunner()
        fixture = try TLSFixture()
    }

    /// A server that sends back what it gets.
    private func listen(_ keep: @escaping (SecureStream) -> Void) throws -> Listener {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let context = try fixture.server(records: .openssl)
        let recorder = self.recorder
        var echoed = 0
        recorder.onBytes = { stream in
            stream.write(Array(recorder.bytes[echoed...]))
            echoed = recorder.bytes.count
        }
        return try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event,
                let secure = try? SecureStream(accepting: stream, context: context, delegate: recorder)
            else { return }
            keep(secure)
        }
    }

    private func exchange(_ client: OpenSSLClient, _ bytes: [UInt8]) -> Bool {
        let before = client.bytes.count
        client.write(bytes)
        return runner.run { client.bytes.count == before + bytes.count || client.failure != nil }
            && Array(client.bytes[before...]) == bytes
    }

    @Test(
        "go on through a change of keys, whichever side asks, and end with close_notify",
        arguments: ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"])
    func keyUpdate(suite: String) throws {
        var accepted: SecureStream?
        let listener = try listen { accepted = $0 }
        let node = try fixture.authority.issueNode(id: UUID(), at: Date())
        let client = try #require(OpenSSLClient(to: listener.address, on: loop, suites: suite, identity: node))
        #expect(runner.run { client.isUp && recorder.facts != nil })
        #expect(recorder.facts?.cipherSuite == suite)
        #expect(recorder.facts?.hasPeerCertificate == true)
        #expect(recorder.peer?.uri == node.uri.description)
        #expect(exchange(client, [1, 2, 3]))
        client.updateKeys(both: false)
        #expect(exchange(client, [4]))
        #expect(!client.messages.contains(SSL3_MT_KEY_UPDATE))
        for round in 1...3 {
            client.updateKeys(both: true)
            #expect(exchange(client, Array(repeating: 5, count: 40_000)))
            #expect(client.messages.count { $0 == SSL3_MT_KEY_UPDATE } == round)
        }
        client.sayGoodbye()
        #expect(runner.run { recorder.end != nil })
        #expect(recorder.end == .closedByPeer)
        accepted?.close()
        #expect(runner.run { client.isClosed })
        #expect(client.failure == nil)
        client.close()
    }

    @Test("keep no certificate of the peer's")
    func noCertificate() throws {
        var accepted: SecureStream?
        let listener = try listen { accepted = $0 }
        let node = try fixture.authority.issueNode(id: UUID(), at: Date())
        let client = try #require(OpenSSLClient(to: listener.address, on: loop, identity: node))
        #expect(runner.run { client.isUp && recorder.facts != nil })
        #expect(try #require(accepted).peerChain.isEmpty)
        accepted?.close()
        client.close()
    }

    @Test("refuse a renegotiation in TLS 1.2, and go on")
    func renegotiation() throws {
        var accepted: SecureStream?
        let listener = try listen { accepted = $0 }
        let node = try fixture.authority.issueNode(id: UUID(), at: Date())
        let client = try #require(
            OpenSSLClient(to: listener.address, on: loop, version: TLS1_2_VERSION, identity: node))
        #expect(runner.run { client.isUp && recorder.facts != nil })
        #expect(recorder.facts?.version == "TLSv1.2")
        #expect(recorder.peer?.uri == node.uri.description)
        #expect(exchange(client, [1, 2, 3]))
        client.renegotiate()
        // OpenSSL's client gives up when its wish is refused; the server did not begin a handshake.
        #expect(runner.run { client.failure != nil })
        #expect(client.failure == "no renegotiation")
        #expect(recorder.peer?.uri == node.uri.description)
        accepted?.close()
        client.close()
    }

    @Test("refuse what is no handshake message of TLS 1.3")
    func unexpectedMessage() throws {
        var accepted: SecureStream?
        let listener = try listen { accepted = $0 }
        let client = try #require(OpenSSLClient(to: listener.address, on: loop))
        #expect(runner.run { client.isUp && recorder.facts != nil })
        // A record of alerts in plain text, where every record is protected by now.
        client.writeRaw([21, 3, 3, 0, 2, 1, 0])
        #expect(runner.run { recorder.end != nil })
        guard case .tls = recorder.end else { return #expect(Bool(false), "\(String(describing: recorder.end))") }
        #expect(runner.run { client.isClosed || client.failure != nil })
        accepted?.close()
        client.close()
    }
}
