import CertificateAuthority
import EventLoop
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import SecureTransport

/// Nodes that come back.
@Suite("Resumed sessions")
final class ResumptionTests {
    private let runner: LoopRunner
    private let fixture: TLSFixture
    private let keys = TicketKeyRing(life: .seconds(3600))
    private let revoked = Revoked()
    private var loop: EventLoop { runner.loop }

    init() throws {
        runner = try LoopRunner()
        fixture = try TLSFixture()
        _ = keys.rotate(at: Int64(Date().timeIntervalSince1970))
    }

    /// Whom the gate keeps out.
    private final class Revoked: Sendable {
        let uris = Mutex<Set<String>>([])
    }

    private func server(_ keys: TicketKeyRing? = nil, trust: TLSContext.Trust? = nil) throws -> TLSContext {
        try .server(
            certificateChainFile: fixture.certificateFile, keyFile: fixture.keyFile, clients: trust ?? fixture.trust,
            gate: CertificateGate { [revoked] peer in
                revoked.uris.withLock { $0.contains(peer.uri) } ? "\(peer.uri) was stolen" : nil
            }, tickets: keys ?? self.keys)
    }

    /// What both ends of one connection saw, which ended in good order after a byte each way.
    private struct Visit {
        var client: SecureRecorder
        var server: SecureRecorder

        var isResumed: Bool { client.facts?.isResumed == true && server.facts?.isResumed == true }
    }

    private func visit(
        _ context: TLSContext, as identity: TLSIdentity?, _ saved: SavedSession?, client: TLSContext? = nil
    ) throws -> Visit {
        let visit = Visit(client: SecureRecorder(), server: SecureRecorder())
        var accepted: SecureStream?
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let listener = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event else { return }
            accepted = try? SecureStream(accepting: stream, context: context, delegate: visit.server)
        }
        visit.server.onBytes = { $0.write([2]) }
        visit.client.onEstablished = { $0.write([1]) }
        let stream = try SecureStream(
            dialling: listener.address, context: try client ?? fixture.client(), serverName: nil,
            expecting: .fleetServer(nil), identity: identity, resuming: saved, on: loop, delegate: visit.client)
        #expect(runner.run { !visit.client.bytes.isEmpty || visit.client.end != nil })
        stream.close()
        #expect(runner.run { visit.server.end != nil })
        accepted?.close()
        return visit
    }

    @Test("know who it is without its certificate, again and again, each time with a new ticket")
    func comesBack() throws {
        let (context, saved, node) = (try server(), SavedSession(), try fixture.node())
        let first = try visit(context, as: node, saved)
        #expect(!first.isResumed)
        #expect(!saved.isEmpty)
        let peer = try #require(first.server.peer)
        #expect(peer.serialNumber.count >= 8)
        for _ in 0..<3 {
            let again = try visit(context, as: node, saved)
            #expect(again.isResumed)
            #expect(again.server.peer == peer)
            #expect(again.server.facts?.hasPeerCertificate == true)
            #expect(again.client.peer?.kind == .server)
        }
    }

    @Test("survive a restart of the server, for the keys are kept")
    func restart() throws {
        let (saved, node) = (SavedSession(), try fixture.node())
        #expect(try !visit(try server(), as: node, saved).isResumed)
        let kept = TicketKeyRing(life: keys.life, text: keys.text)
        let back = try visit(try server(kept), as: node, saved)
        #expect(back.isResumed)
        #expect(back.server.peer == node.peerIdentity)
        // With other keys it is a full handshake, on the same connection.
        let others = TicketKeyRing(life: keys.life)
        _ = others.rotate(at: Int64(Date().timeIntervalSince1970))
        let full = try visit(try server(others), as: node, saved)
        #expect(full.client.end == nil && !full.isResumed)
        #expect(full.server.peer == node.peerIdentity)
    }

    @Test("are refused from the moment of revocation, with a reason at both ends")
    func revocation() throws {
        let (context, saved, node) = (try server(), SavedSession(), try fixture.node())
        #expect(try !visit(context, as: node, saved).isResumed)
        let uri = try #require(node.peerIdentity?.uri)
        revoked.uris.withLock { _ = $0.insert(uri) }
        for session in [saved, SavedSession()] {
            let refused = try visit(context, as: node, session)
            #expect(refused.server.facts == nil)
            guard case .tls(let text, .revoked(let why)) = refused.server.end else {
                #expect(Bool(false), "\(String(describing: refused.server.end))")
                continue
            }
            #expect(why == "\(uri) was stolen" && text.contains(why))
            guard case .tls(_, .peerAlert(let alert)) = refused.client.end, alert.hasPrefix("certificate revoked")
            else {
                #expect(Bool(false), "\(String(describing: refused.client.end))")
                continue
            }
        }
        revoked.uris.withLock { $0 = [] }
        #expect(try visit(context, as: node, saved).client.end == nil)
    }

    @Test("are void under another authority")
    func otherAuthority() throws {
        let (saved, node) = (SavedSession(), try fixture.node())
        #expect(try !visit(try server(), as: node, saved).isResumed)
        let other = try TLSFixture()
        let foreign = try visit(try server(trust: other.trust), as: node, saved)
        guard case .tls(_, .untrustedIssuer) = foreign.server.end else {
            return #expect(Bool(false), "\(String(describing: foreign.server.end))")
        }
        // Where both are trusted the text differs, and the certificate is asked for once more.
        let both = TLSContext.Trust.authorities(
            pem: fixture.authority.certificatePEM + other.authority.certificatePEM, source: "both")
        let full = try visit(try server(trust: both), as: node, saved)
        #expect(full.client.end == nil && !full.isResumed)
    }

    @Test("are for nodes only: operators and strangers show what they have each time")
    func nodesOnly() throws {
        let issued = try fixture.authority.issueOperator(name: "ann", at: Date())
        let ann = try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
        for identity in [ann, nil] {
            let (context, saved) = (try server(), SavedSession())
            #expect(try visit(context, as: identity, saved).client.end == nil)
            #expect(saved.isEmpty)
        }
    }

    @Test("do not exist in TLS 1.2, where a ticket would give up forward secrecy")
    func olderVersion() throws {
        let (context, saved, node) = (try server(), SavedSession(), try fixture.node())
        let old = try TLSContext.client(servers: fixture.trust)
        old.limitToTLS12()
        for _ in 0..<2 {
            let visit = try visit(context, as: node, saved, client: old)
            #expect(visit.client.facts?.version == "TLSv1.2")
            #expect(!visit.isResumed && saved.isEmpty)
            #expect(visit.server.peer == node.peerIdentity)
        }
    }

    @Test("end with the certificate")
    func certificateEnds() throws {
        let (saved, context) = (SavedSession(), try server())
        // Issued nearly a year ago, it has two seconds left.
        let issued = Date().addingTimeInterval(-365 * 86_400 + 2)
        let node = try fixture.node(now: issued)
        #expect(try visit(context, as: node, saved).client.end == nil)
        let end = try #require(node.peerIdentity?.notAfterUnixSeconds)
        #expect(runner.run { Int64(Date().timeIntervalSince1970) > end })
        let late = try visit(context, as: node, saved)
        #expect(late.server.end == .tls("TLS handshake: certificate has expired", .expired))
    }

    @Test("work without client's special care: whoever offers a damaged ticket gets a full handshake")
    func damagedTicket() throws {
        let (saved, node) = (SavedSession(), try fixture.node())
        #expect(try !visit(try server(), as: node, saved).isResumed)
        // The same key name, other secrets: the seal does not hold.
        let line = keys.text.split(separator: "\n")[1]
        let forged = String(line.dropLast(64)) + String(repeating: "0", count: 64)
        let full = try visit(try server(TicketKeyRing(life: keys.life, text: forged)), as: node, saved)
        #expect(full.client.end == nil && !full.isResumed)
        #expect(full.server.peer == node.peerIdentity)
    }
}

@Suite("Ticket keys")
struct TicketKeyRingTests {
    @Test("seal for half a life, open until their last ticket is dead, and go")
    func rotation() {
        let ring = TicketKeyRing(life: .seconds(100))
        #expect(ring.rotate(at: 1000) && ring.count == 1)
        let first = ring.text
        #expect(!ring.rotate(at: 1049) && ring.text == first)
        #expect(ring.rotate(at: 1050) && ring.count == 2)
        #expect(!ring.rotate(at: 1099))
        #expect(ring.rotate(at: 1100) && ring.count == 3)
        // The first one sealed until 1050, and a ticket of then lives until 1150.
        #expect(ring.rotate(at: 1150) && ring.count == 4)
        #expect(ring.rotate(at: 1151) && ring.count == 3)
        #expect(!first.split(separator: "\n")[1...].contains { ring.text.contains($0) })
    }

    @Test("are read as they were written, without those that are damaged or from the future")
    func text() {
        let ring = TicketKeyRing(life: .seconds(100))
        _ = ring.rotate(at: 1000)
        _ = ring.rotate(at: 1060)
        #expect(TicketKeyRing(life: .seconds(100), text: ring.text).text == ring.text)
        let damaged = ring.text.replacingOccurrences(of: "key 1060 ", with: "key 1060 x")
        #expect(TicketKeyRing(life: .seconds(100), text: damaged).count == 1)
        #expect(TicketKeyRing(life: .seconds(100), text: "nonsense\n").count == 0)
        // A clock that ran ahead made them.
        #expect(ring.rotate(at: 100) && ring.count == 1)
        #expect("\(ring)" == "1 ticket keys")
    }
}

@Suite("What a ticket says")
struct TicketIdentityTests {
    @Test("is read as it was written, and nothing else is")
    func roundTrip() throws {
        let peer = try #require(
            PeerIdentity(
                uri: "rollcall://f/node/5502eb91-5f22-4988-b835-f623eb7a4346", notAfterUnixSeconds: 1_800_000_000,
                notBeforeUnixSeconds: 1_700_000_000, serialNumber: [1, 2, 250], issuerTag: .max - 3))
        let identity = TicketIdentity(peer: peer, provenAt: 1_750_000_000, authority: .max - 7)
        #expect(TicketIdentity(identity.bytes) == identity)
        for count in 0..<identity.bytes.count { #expect(TicketIdentity(Array(identity.bytes[..<count])) == nil) }
        #expect(TicketIdentity([1] + identity.bytes.dropFirst()) == nil)
    }

    @Test("stands in a session without its certificate, whatever the lengths")
    func withoutPeer() {
        func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
            let count = contents.count
            if count < 0x80 { return [tag, UInt8(count)] + contents }
            if count < 0x100 { return [tag, 0x81, UInt8(count)] + contents }
            return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + contents
        }
        for (before, peer, after) in [(3, 5, 0), (130, 700, 90), (300, 0, 300), (100, 200, 26)] {
            let head = element(0x02, [UInt8](repeating: 1, count: before))
            let tail = element(0xA4, [UInt8](repeating: 2, count: after))
            let whole = element(0x30, head + element(0xA3, [UInt8](repeating: 9, count: peer)) + tail)
            #expect(SessionEncoding.withoutPeer(whole) == element(0x30, head + tail))
            #expect(SessionEncoding.withoutPeer(element(0x30, head + tail)) == element(0x30, head + tail))
            for count in [0, 1, 2, whole.count / 2, whole.count - 1] {
                #expect(SessionEncoding.withoutPeer(Array(whole[..<count])) == nil)
            }
        }
        #expect(SessionEncoding.withoutPeer([0x31, 0]) == nil)
    }
}
