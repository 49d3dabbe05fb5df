import CertificateAuthority
import EventLoop
import Foundation
import SecureTransport
import TestSupport
import Testing

/// A fleet's certificates, in memory and in a directory.
struct TLSFixture {
    let directory: TestDirectory
    let authority: CertificateAuthority
    let certificateFile: String
    let keyFile: String

    init(fleet: String = "test", now: Date = Date()) throws {
        directory = try TestDirectory()
        // Old enough to have issued what has expired by now.
        authority = try CertificateAuthority(fleet: fleet, at: now.addingTimeInterval(-800 * 86_400))
        let server = try authority.issueServer(hosts: [try ServerHost("localhost")], at: now)
        certificateFile = directory.path("server.pem")
        keyFile = directory.path("server.key")
        try server.certificatePEM.write(toFile: certificateFile, atomically: true, encoding: .utf8)
        try server.privateKeyPEM.write(toFile: keyFile, atomically: true, encoding: .utf8)
    }

    var trust: TLSContext.Trust { .authorities(pem: authority.certificatePEM, source: "test CA") }

    func server(records: TLSRecords = .own) throws -> TLSContext {
        try .server(certificateChainFile: certificateFile, keyFile: keyFile, clients: trust, records: records)
    }

    func client() throws -> TLSContext { try .client(servers: trust) }

    func node(now: Date = Date()) throws -> TLSIdentity {
        let issued = try authority.issueNode(id: UUID(), at: now)
        return try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
    }
}

/// Notes what a secure stream tells.
final class SecureRecorder: SecureStreamDelegate {
    var facts: TLSFacts?
    var peer: PeerIdentity?
    var bytes: [UInt8] = []
    var plain: [UInt8] = []
    var end: CloseReason?
    var onEstablished: (SecureStream) -> Void = { _ in }
    var onBytes: (SecureStream) -> Void = { _ in }

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
        self.facts = facts
        self.peer = peer
        onEstablished(stream)
    }
    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        for position in 0..<bytes.count { self.bytes.append(bytes[position]) }
        onBytes(stream)
    }
    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {
        for position in 0..<bytes.count { plain.append(bytes[position]) }
    }
    func secureStream(_ stream: SecureStream, ended reason: CloseReason) { end = reason }
}

/// Carries bytes between a client and a server in pieces of a given size, and can cut the line.
final class Splitter: ByteStreamHandler {
    private let piece: Int
    private let upstream: SocketAddress
    private var client: ByteStream?
    private var server: ByteStream?
    private var early: [UInt8] = []
    private var carried = 0
    private var isUp = false
    /// Resets both sides after so many bytes from the client.
    var cutAfter = Int.max

    init(to upstream: SocketAddress, pieces: Int) {
        self.upstream = upstream
        piece = pieces
    }

    func accept(_ stream: ByteStream) {
        client = stream
        server = ByteStream.connect(to: upstream, on: stream.loop, handler: self)
        stream.start(self)
    }

    func streamConnected(_ stream: ByteStream) {
        stream.start(self)
        isUp = true
        let waiting = early
        early = []
        forward(waiting, to: stream)
    }

    func stream(_ stream: ByteStream, connectFailed error: LoopError) { client?.reset() }

    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        for position in 0..<bytes.count { copy.append(bytes[position]) }
        if stream === client {
            carried += copy.count
            if carried >= cutAfter {
                client?.reset()
                server?.reset()
                return
            }
            guard let server, isUp else { return early += copy }
            forward(copy, to: server)
        } else {
            if let client { forward(copy, to: client) }
        }
    }
    func stream(_ stream: ByteStream, ended end: StreamEnd) {
        let other = stream === client ? server : client
        if end == .finished { other?.finish() } else { other?.reset() }
    }

    private func forward(_ bytes: [UInt8], to stream: ByteStream) {
        var rest = bytes[...]
        while !rest.isEmpty {
            stream.write(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
    }
}
