import ErrorCatalogue
import Testing

@testable import Registry

@Suite("A server whose clock is set")
struct ClockStepTests {
    private func loseBySilence(_ number: UInt64, in registry: inout Registry) {
        _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        _ = registry.tick(at: t0 + .seconds(90))
    }

    @Test(
        "nobody is late for a clock that was set, and whoever is silent is judged as if it had not been",
        arguments: [Duration.seconds(7_200), .seconds(-7_200), .milliseconds(500)])
    func step(by step: Duration) throws {
        var registry = Registry.withNodes(4)
        var liveness = Liveness(DeadlineTuning(registry.settings))
        let slots = (1...4 as ClosedRange<UInt64>).map { number in
            liveness.admit(session(number), interval: .seconds(30), at: t0)
        }
        // One has an error, one has just fallen silent.
        loseBySilence(2, in: &registry)
        _ = registry.silent(session(1), since: t0 + .seconds(50), at: t0 + .seconds(90))
        for slot in slots[2...] {
            _ = liveness.heartbeat(slot, sequence: 1, bootTag: 0, sentUnixMilliseconds: 0, at: t0 + .seconds(90))
        }
        var heard: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &heard)
        registry.lastHeard(heard)

        let now = t0 + .seconds(91) + step
        let effects = registry.clockStepped(by: step, at: now)
        liveness.move(by: step)
        #expect(effects.brief.contains("raised server-clock-stepped cs-01"))
        try registry.checkInvariants()
        #expect(registry[3]?.lastSeen == t0 + .seconds(90) + step)
        #expect(registry[3]?.components.first?.lastHeard == t0 + .seconds(90) + step)
        #expect(liveness.lastHeard(slots[2]) == t0 + .seconds(90) + step)

        // Nobody is suspect for it, and beats go on as if nothing had been.
        var news: [LivenessNews] = []
        _ = liveness.tick(at: now, into: &news)
        #expect(
            !news.contains {
                if case .silent(let who, _) = $0 { who == session(3) || who == session(4) } else { false }
            })
        for slot in slots[2...] {
            _ = liveness.heartbeat(
                slot, sequence: 2, bootTag: 0, sentUnixMilliseconds: 0, at: t0 + .seconds(120) + step)
        }
        news = []
        _ = liveness.tick(at: t0 + .seconds(150) + step, into: &news)
        #expect(news.isEmpty)
        registry.lastHeard([(session(3), t0 + .seconds(150) + step), (session(4), t0 + .seconds(150) + step)])

        // The suspect is judged when the fleet had its time; the error about the clock is over then.
        let over = registry.tick(at: now + .seconds(90))
        #expect(over.brief.contains("cleared server-clock-stepped cs-01"))
        #expect(registry[1]?.reachability == .unreachable)
        #expect(registry[3]?.reachability == .reachable)
        let finding = try #require(registry[1]?.findings.first)
        #expect(finding.evidence.contains { $0.text.contains("the server looked at itself first: its clock was set") })
        // So long was it silent, whatever the clock says.
        #expect(finding.evidence.first?.words["silence"] == .duration(.seconds(91 + 90 - 50)))
        try registry.checkInvariants()
    }

    @Test("nothing of before the start is to come when the clock is set back")
    func earlier() throws {
        var old = Registry.withNodes(4)
        loseBySilence(2, in: &old)
        _ = old.tick(at: t0 + .seconds(120))
        let before = try #require(old.activeFindings().first)
        var registry = try Registry(settings: old.settings, restored: old.stored(), at: t0 + .seconds(600))
        let now = t0 + .seconds(610 - 3_600)
        _ = registry.clockStepped(by: .seconds(-3_600), at: now)
        let after = try #require(registry.activeFindings().first { $0.id == before.id })
        #expect(after.raisedAt == now)
        #expect(after.updatedAt == now)
        #expect(registry[3]?.lastSeen == now)
        try registry.checkInvariants()
    }

    @Test("a path keeps what it has learned over a step")
    func pathMemory() throws {
        var liveness = Liveness()
        let slot = liveness.admit(session(1), interval: .seconds(30), at: t0)
        for number in 1...20 as ClosedRange<UInt64> {
            _ = liveness.heartbeat(
                slot, sequence: number, bootTag: 0,
                sentUnixMilliseconds: UInt64(t0.unixMilliseconds) + number * 30_000,
                at: t0 + .seconds(Int(number) * 30))
        }
        let before = try #require(liveness.deadline(of: slot))
        liveness.move(by: .seconds(-3_600))
        #expect(liveness.deadline(of: slot) == before - .seconds(3_600))
        // The sender's clock was not set: its stamps are seen through another distance now, and nothing is late.
        _ = liveness.heartbeat(
            slot, sequence: 21, bootTag: 0, sentUnixMilliseconds: UInt64(t0.unixMilliseconds) + 630_000,
            at: t0 + .seconds(630 - 3_600))
        #expect(liveness.deadline(of: slot) == before + .seconds(30 - 3_600))
    }

    @Test("deadlines keep their order when the clock is set")
    func deadlineIndex() {
        var index = DeadlineIndex()
        index.hang(1, noLaterThan: t0 + .seconds(10))
        index.hang(2, noLaterThan: t0 + .seconds(5))
        index.hang(1, noLaterThan: t0 + .seconds(7))
        index.move(by: .seconds(100))
        #expect(index.nextDeadline == t0 + .seconds(105))
        var popped: [Int32] = []
        while let next = index.popDue(at: t0 + .seconds(110)) { popped.append(next) }
        #expect(popped == [2, 1])
        #expect(index.nextDeadline == nil || index.popDue(at: t0 + .seconds(1_000)) == nil)
    }

    @Test("an error says that the server looked at itself first, and what it found")
    func lookedFirst() throws {
        var registry = Registry.withNodes(3)
        loseBySilence(1, in: &registry)
        #expect(
            registry[1]?.findings.first?.evidence.contains {
                $0.source == "server" && $0.text.contains("its loops turned in time")
            }
                == true)
        _ = registry.stalled(.machine, for: .seconds(600), at: t0 + .seconds(700))
        _ = registry.silent(session(2), since: t0 + .seconds(80), at: t0 + .seconds(745))
        _ = registry.tick(at: t0 + .seconds(800))
        #expect(
            registry[2]?.findings.first?.evidence.contains {
                $0.source == "server" && $0.text.contains("its machine stood still for 10 min")
            } == true)
        try registry.checkInvariants()
    }
}
