import COpenSSL
import TestSupport
import Testing

@testable import SecureTransport

/// The same bytes, with the same keys, to our record layer and to OpenSSL's.
@Suite("Records as OpenSSL reads them")
struct RecordAgreementTests {
    /// Where OpenSSL 3.0 is laxer than RFC 8446, and takes what section 5.4 forbids or sets no limit.
    static let takenByOpenSSL: Set<String> = [
        "2^14 bytes of content and one of padding", "as much padding as a record can hold", "33 KeyUpdates in a row",
        "empty records, KeyUpdates and alerts by turns",
    ]
    /// Where OpenSSL 3.0 refuses with another alert than ours.
    static let otherAlertOfOpenSSL: [String: UInt8] = [
        "an SSL 2 record": 70, "plain text": 70,  // it looks at the version first
        "a header that was changed on its way": 50,
        "nothing at all, sealed": 20,
        "an alert of one byte": 10, "two alerts in one record": 10,
        "a KeyUpdate of two bytes": 47, "a KeyUpdate of 257 bytes": 47, "a KeyUpdate of 65,537 bytes": 47,
        "a KeyUpdate of 16 MB": 47,
    ]

    struct Both {
        let ours: RecordBench
        let openSSL: OpenSSLPeer
        /// Opens what OpenSSL sends.
        let reader: RecordBench

        init(_ suite: RecordSuite) throws {
            let names: [RecordSuite: String] = [
                .aes128GCM: "TLS_AES_128_GCM_SHA256", .aes256GCM: "TLS_AES_256_GCM_SHA384",
                .chaCha20Poly1305: "TLS_CHACHA20_POLY1305_SHA256",
            ]
            openSSL = try OpenSSLPeer(suites: names[suite] ?? "", tickets: 0, takesOver: false)
            ours = try RecordBench(suite, secrets: openSSL.secrets)
            reader = try RecordBench(suite, secrets: openSSL.secrets)
        }
    }

    @Test("are refused by both", arguments: RecordRefusalTests.wrongs)
    func wrongs(_ wrong: RecordRefusalTests.Wrong) throws {
        let both = try Both(.aes128GCM)
        let wire = wrong.bytes(both.ours)
        let event = both.ours.feed(wire)
        let theirs = both.openSSL.feedOpenSSL(wire)
        let alert = both.ours.alert()
        let sent = both.reader.open(theirs.sent).filter { $0.type == 21 }.last?.content.last
        #expect(event == .failed(.refused(wrong.refusal)))
        guard !Self.takenByOpenSSL.contains(wrong.testDescription) else { return }
        #expect(theirs.failed)
        #expect(theirs.data == both.ours.data)
        if OPENSSL_version_major() == 3, OPENSSL_version_minor() == 0 {
            #expect(sent == Self.otherAlertOfOpenSSL[wrong.testDescription] ?? alert)
        }
    }

    @Test("are taken by both, and answered by both", arguments: 0..<60)
    func streams(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let both = try Both(chance.pick(RecordSuite.allCases))
        var data: [UInt8] = []
        var cancellations = 0
        for _ in 0..<40 {
            var wire: [UInt8] = []
            switch chance.below(6) {
            case 0: wire = both.ours.sealKeyUpdate(asking: chance.chance(percent: 50))
            case 1: wire = both.ours.sealData([], padding: chance.below(50))
            case 2 where cancellations < 4:  // OpenSSL's limit
                cancellations += 1
                wire = both.ours.seal(21, [UInt8(1 + chance.below(2)), 90])
            default:
                wire = both.ours.sealData(
                    (0..<1 + chance.below(500)).map { _ in UInt8(truncatingIfNeeded: chance.next()) },
                    padding: chance.below(2) * chance.below(300))
            }
            let event = both.ours.feed(wire, pieces: 1 + chance.below(600))
            let theirs = both.openSSL.feedOpenSSL(wire)
            data += theirs.data
            #expect(event == .needsMoreBytes)
            #expect(!theirs.failed)
            #expect(both.ours.data == data)
            // OpenSSL may answer a KeyUpdate later than we do, so that the keys need not be the same any more.
            let answers = both.ours.open(both.ours.settle()) + both.reader.open(theirs.sent)
            #expect(answers.allSatisfy { $0.type == 22 && $0.content == [24, 0, 0, 1, 0] })
        }
        let goodbye = both.ours.seal(21, [1, 0])
        let event = both.ours.feed(goodbye)
        #expect(event == .closed)
        #expect(both.openSSL.feedOpenSSL(goodbye).closed)
    }
}
