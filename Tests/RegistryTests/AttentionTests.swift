import ErrorCatalogue
import Registry
import TestSupport
import Testing

@Suite("A server that is overloaded")
struct AttentionTests {
    /// A loop whose turns take so long when it is busy, over nodes that all beat in time: what it reads in a turn came before that turn.
    /// - Returns: how many nodes are called silent if they are judged as of the last look for input, and as of the timer.
    private static func suspicions(
        lag: ClosedRange<Int>, seed: UInt64, isHeeded: Bool, lives: Duration = .seconds(300)
    ) -> Int {
        var generator = SeededGenerator(seed: seed)
        var liveness = Liveness(DeadlineTuning(margin: 0.1))
        var nodes = (0..<UInt64(20)).map { number in
            let first = t0 + .milliseconds(50) * Int(number)
            return (
                slot: liveness.admit(session(number), interval: .seconds(1), at: first), next: first, beats: UInt64(0)
            )
        }
        var (now, looked, count) = (t0, t0, 0)
        while now < t0 + lives {
            // Timers come first, then what had arrived when the loop began to look for it.
            var news: [LivenessNews] = []
            while liveness.tick(at: isHeeded ? looked : now, into: &news) {}
            count += news.count
            looked = now
            for index in nodes.indices {
                while nodes[index].next + .seconds(1) <= looked {
                    nodes[index].next = nodes[index].next + .seconds(1)
                    nodes[index].beats += 1
                    _ = liveness.heartbeat(
                        nodes[index].slot, sequence: nodes[index].beats, bootTag: 0,
                        sentUnixMilliseconds: UInt64(nodes[index].next.unixMilliseconds), at: looked)
                }
            }
            // A minute of rest, in which paths are learned, and a minute of load.
            let isBusy = (now - t0).inMilliseconds / 60_000 % 2 == 1
            now = now + .milliseconds(isBusy ? lag.lowerBound + generator.below(lag.count) : 20)
        }
        return count
    }

    @Test(
        "a loop that is late all the time, never by a stall, calls nobody silent for it",
        arguments: [UInt64(1), 2, 3])
    func lag(seed: UInt64) {
        #expect(Self.suspicions(lag: 50...300, seed: seed, isHeeded: true) == 0)
        // As of its timer it would: the test could fail.
        #expect(Self.suspicions(lag: 50...300, seed: seed, isHeeded: false) > 0)
    }

    @Test("more work than a loop can do, so that it falls behind for good, is nobody's silence")
    func pilesUp() {
        #expect(Self.suspicions(lag: 1_000...2_500, seed: 4, isHeeded: true) == 0)
    }

    private static func pulse(
        _ loop: Int, heardUntil: Instant, admittedUntil: Instant? = nil, lost: Duration = .zero
    ) -> LoopPulse {
        LoopPulse(
            .sessions(loop), heardUntil: heardUntil, admittedUntil: admittedUntil ?? heardUntil, lost: lost)
    }

    @Test("a verdict waits until the node's own loop has read what came in time, and no longer")
    func verdictWaits() throws {
        var registry = Registry.withNodes(1)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(60))
        let due = t0 + .seconds(90)
        let behind = Self.pulse(0, heardUntil: t0 + .seconds(89))
        #expect(registry.note([behind, Self.pulse(1, heardUntil: due)], at: due) == .none)
        #expect(registry.tick(at: due).brief.allSatisfy { $0.hasPrefix("question") })
        #expect(registry[1]?.reachability == .suspect)
        // It looks again soon, and not at once.
        let next = try #require(registry.nextDeadline)
        #expect(next > due && next <= due + .milliseconds(10))
        #expect(registry.tick(at: due + .seconds(1)).brief.allSatisfy { $0.hasPrefix("question") })
        _ = registry.note([Self.pulse(0, heardUntil: due), Self.pulse(1, heardUntil: due)], at: due + .seconds(1))
        _ = registry.tick(at: due + .seconds(2))
        #expect(registry[1]?.reachability == .unreachable)
        try registry.checkInvariants()
    }

    @Test("what a busy loop had not read yet is a sign of life after all")
    func heardInTime() {
        var registry = Registry.withNodes(1)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(60))
        _ = registry.note([Self.pulse(0, heardUntil: t0 + .seconds(80))], at: t0 + .seconds(90))
        _ = registry.tick(at: t0 + .seconds(95))
        _ = registry.heardAgain(session(1), at: t0 + .seconds(96))
        #expect(registry[1]?.reachability == .reachable)
        #expect(registry.activeCodes == [])
    }

    @Test("who lost its connection may stand at the doors: a crowd there puts its verdict off, but not for ever")
    func crowdedDoors() {
        var registry = Registry.withNodes(2)
        _ = registry.connectionLost(session(1), .reset, lastHeard: t0, at: t0)
        let crowded = Self.pulse(0, heardUntil: t0 + .seconds(500), admittedUntil: t0 + .seconds(10))
        _ = registry.note([crowded], at: t0 + .seconds(90))
        _ = registry.tick(at: t0 + .seconds(95))
        #expect(registry[1]?.reachability == .suspect)
        _ = registry.tick(at: t0 + .seconds(90) + registry.settings.homecomingGrace)
        #expect(registry[1]?.reachability == .unreachable)
    }

    @Test("a program that is silent beside another one is missed no sooner than its loop has read what came")
    func component() {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, components: [.mobilityAgent]), at: t0)
        registry.registerAndCommit(registration(1, components: [.scoutApplicationService], session: 2), at: t0)
        _ = registry.silent(session(2), since: t0 + .seconds(300), at: t0 + .seconds(360))
        registry.lastHeard([(session(1), t0 + .seconds(385))])
        _ = registry.note([Self.pulse(0, heardUntil: t0 + .seconds(380))], at: t0 + .seconds(390))
        _ = registry.tick(at: t0 + .seconds(391))
        #expect(registry.activeCodes == [])
        _ = registry.note([Self.pulse(0, heardUntil: t0 + .seconds(392))], at: t0 + .seconds(392))
        _ = registry.tick(at: t0 + .seconds(393))
        #expect(registry.activeCodes == ["95226b"])
    }

    @Test("load that lasts is an error about the server, with numbers; errors about others say it; its end clears it")
    func overload() throws {
        var registry = Registry.withNodes(2)
        var (now, lost) = (t0, Duration.zero)
        func pass(_ seconds: Int, losing share: Double) -> [String] {
            var brief: [String] = []
            for _ in 0..<seconds {
                now = now + .seconds(1)
                lost += .milliseconds(Int(1_000 * share))
                brief += registry.note([Self.pulse(0, heardUntil: now, lost: lost)], at: now).brief
            }
            return brief.filter { $0.contains("server-overloaded") && !$0.hasPrefix("write") }
        }
        #expect(pass(80, losing: 0.5) == [])
        #expect(pass(40, losing: 0.5) == ["raised server-overloaded cs-01"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.title.contains("of 90 s it lost 45 s"), "\(finding.title)")
        #expect(finding.evidence.first?.text.contains("50 %") == true, "\(finding.evidence)")
        #expect(finding.evidence.first?.text(in: .traditionalChinese).contains("50 %") == true)
        #expect(pass(300, losing: 0.5) == [])

        _ = registry.connectionLost(session(1), .reset, lastHeard: now - .seconds(95), at: now)
        _ = registry.tick(at: now + .milliseconds(1))
        let silence = try #require(registry.activeFindings().first { $0.subjectName == "web-01" })
        #expect(silence.evidence.contains { $0.text.contains("lost") && $0.text.contains("to load") }, "\(silence)")

        #expect(pass(60, losing: 0.15) == [])
        #expect(pass(120, losing: 0) == ["cleared server-overloaded cs-01"])
        try registry.checkInvariants()
    }

    @Test("of no while more is lost than it had, though a stall is told when it ends")
    func neverMoreThanAll() throws {
        var registry = Registry.withNodes(1)
        for number in 0...5 as ClosedRange<Int> {
            let now = t0 + .seconds(18 * number)
            _ = registry.note([Self.pulse(0, heardUntil: now, lost: .seconds(25 * number))], at: now)
        }
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.title.contains("of 90 s it lost 90 s"), "\(finding.title)")
    }

    @Test("one long stall is no load: it has an error of its own")
    func stallIsNoLoad() {
        var registry = Registry.withNodes(1)
        var lost = Duration.zero
        for second in 1...200 as ClosedRange<Int> {
            if second == 100 { lost += .seconds(60) }
            let now = t0 + .seconds(second)
            #expect(registry.note([Self.pulse(0, heardUntil: now, lost: lost)], at: now) == .none)
        }
    }

    @Test("lateness adds up, beyond what is the scheduler's; a set clock is none")
    func lostTime() {
        var watch = StallWatch(period: .milliseconds(100))
        for turn in 0...10 as ClosedRange<Int> { #expect(watch.turn(at: t0 + .milliseconds(300 * turn)) == nil) }
        #expect(watch.lost == .milliseconds(2_000))
        for turn in 1...10 as ClosedRange<Int> {
            #expect(watch.turn(at: t0 + .milliseconds(3_000 + 105 * turn)) == nil)
        }
        #expect(watch.lost == .milliseconds(2_000))
        watch.skip()
        #expect(watch.turn(at: t0 + .seconds(500)) == nil)
        #expect(watch.lost == .milliseconds(2_000))
    }
}
