import Registry
import Testing

@testable import ConfigurationServer

@Suite("Letting a fleet back in")
struct AdmissionTests {
    private let t0 = Instant(nanoseconds: 1_795_000_000_000_000_000)

    @Test("costs what was measured in seconds of one kind, and the other kind follows from it")
    func costs() {
        var costs = AdmissionCosts()
        #expect(costs.ofFull == 1500 && costs.ofResumed == 900)
        costs.note(microseconds: 49_000, full: 49, resumed: 0, heartbeats: 0)
        #expect(costs.full == nil)
        costs.note(microseconds: 1_000_000 + 15_000, full: 1000, resumed: 0, heartbeats: 1000)
        #expect(costs.full == 1000 && costs.resumed == nil && costs.ofResumed == 600)
        // Half and half says nothing of either.
        costs.note(microseconds: 9_999_999, full: 500, resumed: 500, heartbeats: 0)
        #expect(costs.full == 1000 && costs.resumed == nil)
        costs.note(microseconds: 500_000, full: 100, resumed: 1000, heartbeats: 0)
        #expect(costs.resumed == 400)
        // A slow second moves it, but not all the way.
        costs.note(microseconds: 1_000_000, full: 0, resumed: 1000, heartbeats: 0)
        #expect(costs.resumed == 700)
        costs.note(microseconds: 0, full: 0, resumed: 1000, heartbeats: 0)
        #expect(costs.resumed == 700)
    }

    @Test("costs what the last run measured, after a restart")
    func keptCosts() {
        let costs = AdmissionCosts(text: "full 812 resumed 395")
        #expect(costs.full == 812 && costs.resumed == 395 && costs.text == "full 812 resumed 395")
        #expect(AdmissionCosts(text: "resumed 395").ofFull == 1500)
        for nonsense in ["", "full", "full x resumed", "full -4 resumed 1e99", "full 0"] {
            #expect(AdmissionCosts(text: nonsense) == AdmissionCosts(), "\(nonsense)")
        }
    }

    @Test("takes the queue's time, or until the last agent knocks")
    func plan() {
        let rate = ReturnPlan.perSecond(cost: 500, processors: 2)
        #expect(rate == 2000)
        let plan = ReturnPlan(nodes: 10_000, perSecond: rate, began: t0, lastKnock: .seconds(1))
        #expect(plan.lastDue == t0 + .seconds(5))
        #expect(ReturnPlan(nodes: 100, perSecond: rate, began: t0, lastKnock: .seconds(7)).lastDue == t0 + .seconds(7))
        #expect(ReturnPlan(nodes: 0, perSecond: rate, began: t0, lastKnock: .seconds(7)).lastDue == t0)
    }

    @Test(
        "knows how long an agent still waits that has tried in vain meanwhile",
        arguments: [(0, 1000), (700, 2000), (2000, 4000), (3400, 3600), (3_600_000, 60_000)])
    func lastKnock(absence: Int, wait: Int) {
        #expect(ReturnPlan.lastKnock(afterAbsence: .milliseconds(absence)) == .milliseconds(wait))
    }

    @Test("allows for not knowing to the second how long the server was away")
    func doubt() {
        // After 1.4 s everybody has tried twice; after 0.9 s a second attempt in vain is still to come.
        #expect(ReturnPlan.lastKnock(afterAbsence: .milliseconds(1400)) == .milliseconds(1600))
        let doubtful = ReturnPlan.lastKnock(afterAbsence: .milliseconds(1400), lessAtMost: .seconds(1))
        #expect(doubtful == .milliseconds(2000))
        #expect(ReturnPlan.lastKnock(afterAbsence: .zero, lessAtMost: .seconds(1)) == .seconds(1))
    }

    @Test(
        "never waits longer than real agents do: their own back-off, from many seeds", arguments: [0.3, 1.7, 4, 11, 40])
    func lastKnockHolds(absence: Double) {
        var longest = 0.0
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var (time, limit) = (0.0, 1.0)
            while time <= absence {
                time += limit * Double.random(in: 0.5...1, using: &generator)
                limit = min(60, limit * 2)
            }
            longest = max(longest, time - absence)
        }
        let promised = ReturnPlan.lastKnock(afterAbsence: .milliseconds(Int64(absence * 1000))) / .milliseconds(1)
        #expect(longest * 1000 <= promised)
    }

    @Test("goes at the set pace, whatever comes at once")
    func pace() {
        var turnstile = Turnstile()
        var entered = 0
        for millisecond in 0...10_000 {
            let now = t0 + .milliseconds(millisecond)
            for _ in 0..<20 where turnstile.lets(at: now, perSecond: 250) { entered += 1 }
        }
        #expect(entered == 2500)
        // Who was late makes up for a little only.
        entered = 0
        for _ in 0..<1000 where turnstile.lets(at: t0 + .seconds(100), perSecond: 250) { entered += 1 }
        #expect(entered == Turnstile.perTurnMax)
    }

    @Test("leaves room in each turn for those who are in, where no pace is set")
    func turns() {
        var turnstile = Turnstile()
        for millisecond in 0..<5 {
            var entered = 0
            for _ in 0..<100 where turnstile.lets(at: t0 + .milliseconds(millisecond), perSecond: nil) { entered += 1 }
            #expect(entered == Turnstile.perTurnMax)
        }
    }

    @Test("begins when many were lost at once, and is told when the fall is over")
    func massLoss() {
        var loss = MassLoss()
        func note(_ connected: Int, _ milliseconds: Int) -> Int? {
            loss.note(connected: connected, at: t0 + .milliseconds(milliseconds))
        }
        #expect(note(10_000, 0) == nil)
        #expect(note(9_900, 100) == nil)
        #expect(!loss.isFalling)
        #expect(note(6_000, 200) == nil)
        #expect(loss.isFalling)
        #expect(note(100, 300) == nil)
        #expect(note(100, 400) == nil)
        #expect(note(100, 500) == 9_900)
        #expect(!loss.isFalling)
        // The first who return end it, too.
        #expect(note(100, 600) == nil)
    }

    @Test("does not begin for nodes that come and go, nor for a fleet that leaves slowly or is small")
    func noMassLoss() {
        var loss = MassLoss()
        for step in 0..<100 {
            let lost = loss.note(connected: 40 + step % 7, at: t0 + .milliseconds(50 * step))
            #expect(lost == nil)
        }
        var slow = MassLoss()
        for step in 0..<100 {
            let lost = slow.note(connected: 10_000 - 40 * step, at: t0 + .milliseconds(100 * step))
            #expect(lost == nil)
            #expect(!slow.isFalling)
        }
        var small = MassLoss()
        for (step, connected) in [150, 150, 0, 0, 0, 0, 0].enumerated() {
            let lost = small.note(connected: connected, at: t0 + .milliseconds(100 * step))
            #expect(lost == nil)
        }
    }
}
