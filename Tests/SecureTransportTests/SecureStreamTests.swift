import CertificateAuthority
import EventLoop
import Foundation
import SecureTransport
import TestSupport
import Testing

@Suite("Secure streams")
struct SecureStreamTests {
    let runner: LoopRunner
    let fixture: TLSFixture
    var loop: EventLoop { runner.loop }

    init() throws {
        runner = try LoopRunner()
        fixture = try TLSFixture()
    }

    /// Accepts streams with a server context; the recorder hears of all of them.
    private func listen(
        _ context: TLSContext, _ recorder: SecureRecorder, _ keep: @escaping (SecureStream) -> Void
    ) throws -> Listener {
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        return try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event,
                let secure = try? SecureStream(accepting: stream, context: context, delegate: recorder)
            else { return }
            keep(secure)
        }
    }

    private func dial(
        _ address: SocketAddress, _ context: TLSContext, _ recorder: SecureRecorder, identity: TLSIdentity? = nil,
        expecting: SecureStream.Expectation = .fleetServer("test")
    ) throws -> SecureStream {
        try SecureStream(
            dialling: address, context: context, serverName: nil, expecting: expecting, identity: identity, on: loop,
            delegate: recorder)
    }

    @Test("know who issued the peer's certificate, by a tag that the authorities' names go by")
    func issuer() throws {
        let other = try TLSFixture(fleet: "other")
        let tag = try #require(try fixture.node().peerIdentity?.issuerTag)
        let otherTag = try #require(try other.node().peerIdentity?.issuerTag)
        #expect(tag != 0 && tag != otherTag)
        let names = IssuerNames(pem: other.authority.certificatePEM + fixture.authority.certificatePEM)
        #expect(names[tag].contains("test") && !names[tag].contains("other"))
        #expect(names[0].isEmpty)
        #expect(IssuerNames(pem: "no certificate")[tag] == "authority \(String(tag, radix: 16))")
    }

    @Test("know who the peer is, by its certificate, and speak TLS 1.3 and rollcall/1")
    func identity() throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) { accepted = $0 }
        let node = try fixture.node()
        let stream = try dial(listener.address, try fixture.client(), client, identity: node)
        #expect(runner.run { server.facts != nil && client.facts != nil })
        #expect(server.peer == node.peerIdentity)
        #expect(client.peer?.kind == .server)
        #expect(client.facts?.version == "TLSv1.3")
        #expect(server.facts?.applicationProtocol == "rollcall/1")
        #expect(accepted?.localAddress == listener.address)
        stream.close()
        #expect(runner.run { server.end != nil })
        #expect(server.end == .closedByPeer)
        accepted?.close()
    }

    @Test("let a client without a certificate in, as a stranger")
    func stranger() throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) { accepted = $0 }
        let stream = try dial(listener.address, try fixture.client(), client)
        #expect(runner.run { server.facts != nil && client.facts != nil })
        #expect(server.peer == nil)
        #expect(server.facts?.hasPeerCertificate == false)
        stream.close()
        accepted?.close()
    }

    @Test("carry megabytes both ways through a line that splits them", arguments: [1, 2, 5, 16_389])
    func split(pieces: Int) throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) {
            accepted = $0
            $0.pendingBytesMax = .max
        }
        var splitters: [Splitter] = []
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let middle = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event else { return }
            let splitter = Splitter(to: listener.address, pieces: pieces)
            splitters.append(splitter)
            splitter.accept(stream)
        }
        let size = pieces == 1 ? 20_000 : 2_000_000
        let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        client.onEstablished = { $0.write(payload) }
        var echoed = 0
        server.onBytes = { stream in
            stream.write(Array(server.bytes[echoed...]))
            echoed = server.bytes.count
        }
        let stream = try dial(middle.address, try fixture.client(), client)
        stream.pendingBytesMax = .max
        #expect(runner.run { client.bytes.count >= size || client.end != nil })
        #expect(client.bytes == payload)
        stream.close()
        accepted?.close()
    }

    @Test("survive a reset after every so many bytes of the handshake", arguments: [1, 5, 100, 200, 250])
    func resetInHandshake(after bytes: Int) throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) { accepted = $0 }
        var splitters: [Splitter] = []
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let middle = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event else { return }
            let splitter = Splitter(to: listener.address, pieces: 50)
            splitter.cutAfter = bytes
            splitters.append(splitter)
            splitter.accept(stream)
        }
        let stream = try dial(middle.address, try fixture.client(), client)
        #expect(runner.run { client.end != nil })
        #expect(client.facts == nil)
        #expect(client.end == .reset)
        // The server goes on: the next one gets in.
        let next = SecureRecorder()
        let direct = try dial(listener.address, try fixture.client(), next)
        #expect(runner.run { next.facts != nil })
        stream.close()
        direct.close()
        accepted?.close()
    }

    @Test("refuse a certificate of another authority, and say whose it was")
    func foreignAuthority() throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        let listener = try listen(try fixture.server(), server) { _ in }
        let foreign = try TLSFixture(fleet: "test")
        let stream = try dial(listener.address, try fixture.client(), client, identity: try foreign.node())
        #expect(runner.run { server.end != nil && client.end != nil })
        guard case .tls(_, .untrustedIssuer) = server.end else {
            return #expect(Bool(false), "\(String(describing: server.end))")
        }
        stream.close()
    }

    @Test("refuse an expired certificate, and one that is not valid yet, each in its own words")
    func dates() throws {
        for (when, expected) in [(-400.0, TLSRefusal.expired), (2.0, .notYetValid)] {
            let server = SecureRecorder()
            let client = SecureRecorder()
            let listener = try listen(try fixture.server(), server) { _ in }
            let node = try fixture.node(now: Date().addingTimeInterval(when * 86_400))
            let stream = try dial(listener.address, try fixture.client(), client, identity: node)
            #expect(runner.run { server.end != nil })
            guard case .tls(_, expected) = server.end else {
                #expect(Bool(false), "\(String(describing: server.end))")
                continue
            }
            stream.close()
        }
    }

    @Test("are not fooled by a node that poses as the server, nor by a server of another fleet")
    func poser() throws {
        let client = SecureRecorder()
        let server = SecureRecorder()
        let listener = try listen(try fixture.server(), server) { _ in }
        let stream = try dial(listener.address, try fixture.client(), client, expecting: .fleetServer("other"))
        #expect(runner.run { client.end != nil })
        guard case .tls(_, .wrongName(let name)) = client.end else {
            return #expect(Bool(false), "\(String(describing: client.end))")
        }
        #expect(name.contains("rollcall://test/server"))
        stream.close()

        let node = try fixture.authority.issueNode(id: UUID(), at: Date())
        let certificate = fixture.directory.path("node.pem")
        let key = fixture.directory.path("node.key")
        try node.certificatePEM.write(toFile: certificate, atomically: true, encoding: .utf8)
        try node.privateKeyPEM.write(toFile: key, atomically: true, encoding: .utf8)
        let context = try TLSContext.server(certificateChainFile: certificate, keyFile: key, clients: fixture.trust)
        let posing = try listen(context, SecureRecorder()) { _ in }
        let fooled = SecureRecorder()
        let second = try dial(posing.address, try fixture.client(), fooled)
        #expect(runner.run { fooled.end != nil })
        guard case .tls(_, .wrongPurpose) = fooled.end else {
            return #expect(Bool(false), "\(String(describing: fooled.end))")
        }
        second.close()
    }

    @Test("hand plain text over as what it is, and answer it in plain text")
    func plainText() throws {
        let server = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) { accepted = $0 }
        let typing = PlainClient()
        let stream = ByteStream.connect(to: listener.address, on: loop, handler: typing)
        #expect(runner.run { typing.connected })
        stream.write(Array("hello\r\n".utf8))
        #expect(runner.run { !server.plain.isEmpty })
        #expect(server.plain == Array("hello\r\n".utf8))
        accepted?.writePlain(Array("TLS only".utf8))
        accepted?.close()
        #expect(runner.run { typing.ended })
        #expect(typing.bytes == Array("TLS only".utf8))
        stream.close()
    }

    @Test("refuse a client that wants only other protocols")
    func alpn() throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        let listener = try listen(try fixture.server(), server) { _ in }
        let context = try TLSContext.client(servers: fixture.trust, offering: ["smtp"])
        let stream = try dial(listener.address, context, client)
        #expect(runner.run { client.end != nil && server.end != nil })
        guard case .tls(_, .applicationProtocol) = client.end else {
            return #expect(Bool(false), "\(String(describing: client.end))")
        }
        stream.close()
    }

    @Test("still write to a peer that has stopped sending")
    func halfClosed() throws {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        let listener = try listen(try fixture.server(), server) { accepted = $0 }
        let stream = try dial(listener.address, try fixture.client(), client)
        #expect(runner.run { client.facts != nil && server.facts != nil })
        accepted?.write([1, 2, 3])
        stream.write([9])
        #expect(runner.run { server.bytes == [9] && client.bytes == [1, 2, 3] })
        stream.close()
        #expect(runner.run { server.end == .closedByPeer })
        // The peer's reading side is open until it closes; writing must not fail here.
        accepted?.write([4])
        accepted?.close()
        #expect(runner.run { accepted?.isClosed == true })
    }

    @Test("name the file that is wrong")
    func wrongFiles() throws {
        let missing = fixture.directory.path("none.pem")
        let error = #expect(throws: TLSError.self) {
            try TLSContext.server(certificateChainFile: missing, keyFile: fixture.keyFile, clients: fixture.trust)
        }
        #expect(error?.description.contains(missing) == true)
        let other = try TLSFixture()
        let mismatch = #expect(throws: TLSError.self) {
            try TLSContext.server(
                certificateChainFile: fixture.certificateFile, keyFile: other.keyFile, clients: fixture.trust)
        }
        #expect(mismatch?.description.contains(other.keyFile) == true)
        #expect(throws: TLSError.self) { try TLSContext.client(servers: .authorities(pem: "nonsense", source: "x")) }
    }
}

private final class PlainClient: ByteStreamHandler {
    var connected = false
    var ended = false
    var bytes: [UInt8] = []

    func streamConnected(_ stream: ByteStream) {
        connected = true
        stream.start(self)
    }
    func stream(_ stream: ByteStream, connectFailed error: LoopError) {}
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        for position in 0..<bytes.count { self.bytes.append(bytes[position]) }
    }
    func stream(_ stream: ByteStream, ended end: StreamEnd) { ended = true }
}

@Suite("Identities")
struct PeerIdentityTests {
    @Test("are read from exactly the URIs that the fleet's certificates have")
    func parse() {
        let id = "5502eb91-5f22-4988-b835-f623eb7a4346"
        #expect(PeerIdentity(uri: "rollcall://f/server", notAfterUnixSeconds: 0)?.kind == .server)
        #expect(PeerIdentity(uri: "rollcall://f/node/\(id)", notAfterUnixSeconds: 0)?.kind == .node(id))
        #expect(PeerIdentity(uri: "rollcall://f/operator/ann", notAfterUnixSeconds: 0)?.kind == .operator("ann"))
        let wrong = [
            "http://f/server", "rollcall://", "rollcall:///server", "rollcall://f", "rollcall://f/server/x",
            "rollcall://f/node/\(id.uppercased())", "rollcall://f/node/\(id)x", "rollcall://f/node/",
            "rollcall://f/operator/", "rollcall://f/operator/a b", "rollcall://f/root", "rollcall://f\0/server",
        ]
        for uri in wrong { #expect(PeerIdentity(uri: uri, notAfterUnixSeconds: 0) == nil, "\(uri)") }
    }
}
