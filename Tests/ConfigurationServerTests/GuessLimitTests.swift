import Registry
import Testing

@testable import ConfigurationServer

@Suite("Wrong passphrases")
struct GuessLimitTests {
    private let start = Instant(unixMilliseconds: 1_795_608_000_000)

    private func begin(_ limit: inout GuessLimit, _ address: String, _ now: Instant) -> GuessLimit.Refusal? {
        limit.begin(from: address, at: now)
    }

    @Test("of one address are heard a few times in a row, then one in twenty seconds; others are not hindered")
    func ofAddress() {
        var limit = GuessLimit()
        for _ in 0..<GuessLimit.ofAddressMax { #expect(begin(&limit, "192.0.2.1", start) == nil) }
        #expect(begin(&limit, "192.0.2.1", start) == .address)
        #expect(begin(&limit, "192.0.2.2", start) == nil)
        let later = start + GuessLimit.ofAddressRecovery
        #expect(begin(&limit, "192.0.2.1", later + .milliseconds(-1)) == .address)
        #expect(begin(&limit, "192.0.2.1", later) == nil)
        #expect(begin(&limit, "192.0.2.1", later) == .address)
    }

    @Test("each 30 s from one machine are always heard, and so seen")
    func steady() {
        var limit = GuessLimit()
        for round in 0..<1_000 { #expect(begin(&limit, "192.0.2.1", start + .seconds(30 * round)) == nil) }
    }

    @Test("of many addresses together are bounded, in a burst and in the long run")
    func ofAll() {
        var limit = GuessLimit()
        var heard = 0
        // Each from an address of its own, one a second for an hour.
        for number in 0..<3_600 {
            let now = start + .seconds(number)
            if begin(&limit, "2001:db8::\(number)", now) == nil { heard += 1 }
        }
        #expect(heard <= GuessLimit.ofAllMax + 3_600 / 5 + 1)
        #expect(heard >= 3_600 / 5)
        #expect(limit.addressCount <= GuessLimit.ofAllMax)
    }

    @Test("that turn out to be right cost nothing, and nobody gains by being right once")
    func right() {
        var limit = GuessLimit()
        for _ in 0..<1_000 {
            #expect(begin(&limit, "192.0.2.1", start) == nil)
            limit.succeeded(from: "192.0.2.1")
        }
        #expect(limit.addressCount == 0)
        limit.succeeded(from: "192.0.2.1")
        for _ in 0..<GuessLimit.ofAddressMax { #expect(begin(&limit, "192.0.2.1", start) == nil) }
        #expect(begin(&limit, "192.0.2.1", start) == .address)
    }

    @Test("are not forgotten because the clock was set back")
    func clock() {
        var limit = GuessLimit()
        for _ in 0..<GuessLimit.ofAddressMax { #expect(begin(&limit, "192.0.2.1", start) == nil) }
        #expect(begin(&limit, "192.0.2.1", start + .seconds(-3_600)) == .address)
    }
}
