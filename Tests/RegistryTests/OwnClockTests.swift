import ErrorCatalogue
import Testing

@testable import Registry

@Suite("The server's own clock, by those of the machines")
struct OwnClockTests {
    private func register(_ numbers: ClosedRange<UInt64>, ahead: Duration, in registry: inout Registry, at now: Instant)
    {
        for number in numbers {
            var wanted = registration(number)
            wanted.sentAt = now + ahead
            registry.registerAndCommit(wanted, at: now)
        }
    }

    @Test("where most machines are off alike it is the server's clock: one error, and none about them")
    func majority() throws {
        var registry = Registry.fresh()
        register(1...2, ahead: .seconds(3_600), in: &registry, at: t0)
        #expect(registry.activeCodes == ["clock-skew", "clock-skew"])
        register(3...9, ahead: .seconds(3_610), in: &registry, at: t0 + .seconds(5))
        let finding = try #require(registry.activeFindings().first)
        #expect(registry.activeFindings().count == 1 && finding.subject == .server)
        #expect(finding.form.row == "clock-of-server" && finding.remedy.first?.contains("cs-01") == true)
        #expect(finding.evidence.contains { $0.hasNumbers })
        // One that is off in a way of its own is told as such.
        register(10...10, ahead: .seconds(-7_200), in: &registry, at: t0 + .seconds(6))
        #expect(registry.activeFindings().map(\.form.row).sorted() == ["clock-of-server", "clock-wrong"])
        // Somebody sets the server's clock right: nobody has to register for it.
        _ = registry.clockStepped(by: .seconds(3_600), at: t0 + .seconds(3_700))
        #expect(!registry.activeFindings().contains { $0.subject == .server && $0.code == .clockSkew })
        try registry.checkInvariants()
    }

    @Test("a site whose machines are off alike is told machine by machine, as long as the others are right")
    func minority() throws {
        var registry = Registry.fresh()
        register(1...6, ahead: .zero, in: &registry, at: t0)
        register(7...11, ahead: .seconds(300), in: &registry, at: t0)
        #expect(registry.activeCodes == Array(repeating: "clock-skew", count: 5))
        #expect(registry.activeFindings().allSatisfy { $0.subject != .server })
    }

    @Test("a clock that is set wrong is known at once, and a machine that registers then is not blamed")
    func setWrong() throws {
        var registry = Registry.fresh()
        register(1...6, ahead: .zero, in: &registry, at: t0)
        _ = registry.clockStepped(by: .seconds(-7_200), at: t0 - .seconds(7_190))
        #expect(registry.activeFindings().map(\.form.row).sorted() == ["clock-of-server", "server-clock-stepped"])
        register(1...1, ahead: .seconds(7_200), in: &registry, at: t0 - .seconds(7_100))
        #expect(registry.activeFindings().allSatisfy { $0.subject == .server })
        try registry.checkInvariants()
    }

    @Test("only the newest votes of so many machines are kept, one each")
    func votes() {
        var votes = ClockVotes()
        for number in 1...200 as ClosedRange<UInt64> { votes.cast(.seconds(90), by: NodeID(high: 0, low: number)) }
        #expect(votes.majority == .init(skew: .seconds(90), agreeing: 64, voters: 64))
        for number in 1...40 as ClosedRange<UInt64> { votes.cast(.zero, by: NodeID(high: 0, low: number)) }
        #expect(votes.majority == .init(skew: .zero, agreeing: 40, voters: 64))
        var one = ClockVotes()
        for _ in 1...9 { one.cast(.seconds(90), by: NodeID(high: 0, low: 1)) }
        #expect(one.majority == nil)
    }
}
