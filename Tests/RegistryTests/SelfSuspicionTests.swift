import Registry
import TestSupport
import Testing

@Suite("A server that suspects itself")
struct SelfSuspicionTests {
    @Test("a timer that comes late was a loop that stood still; one that comes about in time was not")
    func stallWatch() {
        var watch = StallWatch(period: .milliseconds(100))
        #expect(watch.turn(at: t0) == nil)
        #expect(watch.turn(at: t0 + .milliseconds(400)) == nil)
        #expect(watch.turn(at: t0 + .milliseconds(500)) == nil)
        #expect(watch.turn(at: t0 + .milliseconds(10_600)) == .seconds(10))
        #expect(watch.turn(at: t0 + .milliseconds(10_700)) == nil)
    }

    @Test(
        "after a stall of any length nobody is lost who was not, and the error says what the server found",
        arguments: [15, 600, 86_400])
    func stall(seconds: Int) throws {
        var registry = Registry.withNodes(3)
        var liveness = Liveness(DeadlineTuning(registry.settings))
        let slots = (1...3 as ClosedRange<UInt64>).map { number in
            liveness.admit(session(number), interval: .seconds(30), at: t0)
        }
        let back = t0 + .seconds(20) + .seconds(seconds)
        liveness.forgive(.seconds(seconds))
        let raised = registry.stalled(.control, for: .seconds(seconds), at: back)
        #expect(raised.brief.contains("raised server-stalled cs-01"))
        var news: [LivenessNews] = []
        _ = liveness.tick(at: back, into: &news)
        #expect(news == [])
        // One agent lost its patience, and its connection with it; one is gone for good.
        _ = registry.connectionLost(session(2), .reset, lastHeard: t0, at: back)
        _ = registry.connectionLost(session(3), .reset, lastHeard: t0, at: back)
        #expect(registry.tick(at: back + .seconds(1)).brief == [])
        #expect(registry[2]?.reachability == .suspect)
        _ = liveness.heartbeat(slots[0], sequence: 1, bootTag: 0, sentUnixMilliseconds: 0, at: back + .seconds(2))
        _ = registry.register(registration(2, session: 12), at: back + .seconds(40))
        #expect(registry[2]?.reachability == .reachable)
        try registry.checkInvariants()

        let over = registry.tick(at: back + .seconds(90))
        #expect(over.brief.contains("cleared server-stalled cs-01"))
        #expect(registry[3]?.reachability == .unreachable)
        #expect(registry[1]?.reachability == .reachable)
        try registry.checkInvariants()
    }

    @Test("a short stall is no error, and moves verdicts by what was lost")
    func shortStall() {
        var registry = Registry.withNodes(1)
        #expect(registry.stalled(.sessions(1), for: .seconds(2), at: t0 + .seconds(30)) == .none)
        #expect(registry.tick(at: t0 + .seconds(32)) == .none)
    }

    @Test("a second stall is told in the same error")
    func again() throws {
        var registry = Registry.withNodes(1)
        _ = registry.stalled(.sessions(1), for: .seconds(20), at: t0 + .seconds(30))
        let second = registry.stalled(.control, for: .seconds(60), at: t0 + .seconds(100))
        #expect(second.brief.contains("updated server-stalled cs-01"))
        #expect(registry.tick(at: t0 + .seconds(120)).brief == [])
        #expect(registry.activeCodes == ["server-stalled"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.evidence.count == 2)
        #expect(finding.title.contains("1 min") || finding.title.contains("60 s"), "\(finding.title)")
    }

    @Test(
        "a restart ends what was told of the server's own time", arguments: ["server-stalled", "server-clock-stepped"])
    func restart(code: String) throws {
        var old = Registry.withNodes(1)
        if code == "server-stalled" {
            _ = old.stalled(.control, for: .seconds(60), at: t0 + .seconds(100))
        } else {
            _ = old.clockStepped(by: .seconds(10), at: t0 + .seconds(100))
        }
        #expect(old.activeCodes == [code])

        var registry = try Registry(settings: old.settings, restored: old.stored(), at: t0 + .seconds(110))
        _ = registry.tick(at: t0 + .seconds(110))
        #expect(registry.activeCodes == [])
        try registry.checkInvariants()
    }
}
