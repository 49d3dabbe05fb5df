import COpenSSL
import TestSupport
import Testing

@testable import SecureTransport

/// The record layer at work with OpenSSL's, after OpenSSL's own handshake.
@Suite("Records with OpenSSL at the other end")
struct RecordPeerTests {
    static let suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]

    @Test("go on after the handshake, whatever tickets were sent", arguments: suites, [0, 1, 2, 5])
    func takenOver(_ suite: String, tickets: Int) throws {
        let peer = try OpenSSLPeer(suites: suite, tickets: tickets)
        #expect(peer.layer != nil)
        peer.write([1, 2, 3])
        let event = peer.deliver()
        #expect(event == .needsMoreBytes)
        #expect(peer.data == [1, 2, 3])
        peer.answer([4, 5, 6])
        #expect(peer.read() == [4, 5, 6])
    }

    @Test("what the client sent together with its Finished is not lost", arguments: suites)
    func earlyData(_ suite: String) throws {
        let early = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        let peer = try OpenSSLPeer(suites: suite, early: early)
        #expect(peer.layer != nil)
        peer.deliver(pieces: 777)
        #expect(peer.data == early)
        peer.answer([1])
        #expect(peer.read() == [1])
    }

    @Test("TLS 1.2, and a suite that is not one of the three, stay with OpenSSL")
    func leftAlone() throws {
        let old = try OpenSSLPeer(version: TLS1_2_VERSION)
        #expect(old.layer == nil)
        #expect(old.server != nil)
    }

    @Test("the client's choice of shorter records is kept", arguments: [UInt8(1), 2, 3, 4])
    func shortRecords(code: UInt8) throws {
        let peer = try OpenSSLPeer { SSL_set_tlsext_max_fragment_length($0, code) }
        let content = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        peer.answer(content)
        #expect(peer.read() == content)
        peer.write(content)
        peer.deliver()
        #expect(peer.data == content)
    }

    @Test("KeyUpdates of either kind, padding, fragments and data by turns", arguments: suites, 0..<6)
    func mixed(_ suite: String, seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let block = [0, 16, 100, 4096][chance.below(4)]
        let fragment = [512, 1000, 16_384][chance.below(3)]
        let peer = try OpenSSLPeer(suites: suite) { client in
            SSL_set_block_padding(client, block)
            rollcall_ssl_set_max_send_fragment(client, fragment)
        }
        peer.ciphers.pointee.limits.recordsBeforeUpdate = 20
        var sent: [UInt8] = []
        for _ in 0..<60 {
            switch chance.below(4) {
            case 0:
                SSL_key_update(
                    peer.client, chance.chance(percent: 50) ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED)
                fallthrough
            case 1:
                let content = (0..<1 + chance.below(3000)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
                sent += content
                peer.write(content)
            case 2:
                let event = peer.deliver(pieces: chance.chance(percent: 50) ? 1 + chance.below(500) : .max)
                #expect(event == .needsMoreBytes || event == nil)
            default:
                let content = (0..<1 + chance.below(20_000)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
                peer.answer(content)
                #expect(peer.read() == content, "seed \(seed)")
            }
        }
        peer.deliver()
        #expect(peer.data == sent, "seed \(seed)")
    }

    @Test("OpenSSL hears the goodbye, and we hear OpenSSL's")
    func goodbyes() throws {
        let peer = try OpenSSLPeer()
        peer.sayGoodbye()
        #expect(peer.read() == [])
        #expect(SSL_get_shutdown(peer.client) & SSL_RECEIVED_SHUTDOWN != 0)
        SSL_shutdown(peer.client)
        let event = peer.deliver()
        #expect(event == .closed)
        #expect(!peer.answer([1]))
    }

    @Test("after OpenSSL's goodbye this end may still write")
    func halfClosed() throws {
        let peer = try OpenSSLPeer()
        SSL_shutdown(peer.client)
        let event = peer.deliver()
        #expect(event == .closed)
        peer.answer([1, 2])
        #expect(peer.read() == [1, 2])
    }

    @Test("OpenSSL understands our alert")
    func alert() throws {
        let peer = try OpenSSLPeer()
        peer.feed([23, 3, 3, 0, 20] + [UInt8](repeating: 1, count: 20))
        #expect(peer.read() == nil)
        #expect(TLSError.take("read").description.contains("refused by the peer: bad record mac"))
    }

    @Test("one changed bit of the client's ends it, and nothing of that record comes out", arguments: 0..<30)
    func oneBit(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let peer = try OpenSSLPeer(suites: chance.pick(Self.suites))
        peer.write([1, 2, 3])
        peer.deliver()
        peer.write((0..<100).map { UInt8($0) })
        var wire = peer.drain()
        // Not the length: a longer one only waits.
        var place = chance.below(wire.count)
        if place == 3 || place == 4 { place = 10 }
        wire[place] ^= 1 << UInt8(chance.below(8))
        let event = peer.feed(wire)
        #expect(event == .failed(.refused(place == 0 ? .notEncrypted : .altered)))
        #expect(peer.data == [1, 2, 3])
        #expect(peer.read() == nil)
    }
}
