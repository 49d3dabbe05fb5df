import ErrorCatalogue
import Registry
import Testing

@Suite("The pair of clocks")
struct ClockPairTests {
    /// A machine whose agent is on session 1 and whose application service is on session 101, and a neighbour.
    private func pair(_ services: [ServiceReport] = []) -> Registry {
        var registry = Registry.withNodes(0)
        registry.registerAndCommit(
            registration(1, services: services, components: [.mobilityAgent], session: 1), at: t0)
        registry.registerAndCommit(
            registration(1, services: services, components: [.scoutApplicationService], session: 101), at: t0)
        registry.registerAndCommit(registration(2), at: t0)
        return registry
    }

    private func silence(_ number: UInt64, in registry: inout Registry) {
        _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        registry.lastHeard([(session(number == 1 ? 101 : 1), t0 + .seconds(80))])
        _ = registry.tick(at: t0 + .seconds(90))
    }

    @Test("the service is silent and the agent is heard: 95226b, with the start type where it is known")
    func serviceSilent() throws {
        var registry = pair()
        silence(101, in: &registry)
        #expect(registry.activeCodes == ["95226b"])
        #expect(registry[1]?.findings.first?.form.row == "95226b-silent")
        #expect(registry[1]?.reachability == .reachable)
        try registry.checkInvariants()
        _ = registry.heardAgain(session(101), at: t0 + .seconds(100))
        #expect(registry.activeCodes.isEmpty)

        var reported = pair([report(scout, .stopped, .disabled)])
        #expect(reported.activeCodes.isEmpty, "it is heard itself, whatever the agent last saw")
        silence(101, in: &reported)
        #expect(reported[1]?.findings.map(\.form.row) == ["95226b-start-type"])
        var hung = pair([report(scout, .running)])
        silence(101, in: &hung)
        #expect(hung[1]?.findings.map(\.form.row) == ["95226b-hangs"])
        try hung.checkInvariants()
    }

    @Test("the agent is silent and the service is heard: the agent is stopped or hangs")
    func agentSilent() throws {
        var registry = pair()
        silence(1, in: &registry)
        #expect(registry.activeCodes == ["component-silent"])
        #expect(registry[1]?.findings.first?.likelyCause.hasPrefix("svagents on web-01 is stopped or hangs") == true)
        try registry.checkInvariants()
        _ = registry.heardAgain(session(1), at: t0 + .seconds(100))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("a program that says goodbye is not missed")
    func goodbye() {
        var registry = pair()
        _ = registry.left(session(101), .upgrade, at: t0 + .seconds(10))
        _ = registry.tick(at: t0 + .seconds(600))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("a short pause of one of the two is no error")
    func pause() {
        var registry = pair()
        _ = registry.silent(session(101), since: t0, at: t0 + .seconds(45))
        _ = registry.heardAgain(session(101), at: t0 + .seconds(60))
        _ = registry.tick(at: t0 + .seconds(95))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("both silent: the machine's absence is the error, and what its programs did is not known any more")
    func both() throws {
        var registry = pair()
        silence(101, in: &registry)
        _ = registry.silent(session(1), since: t0 + .seconds(80), at: t0 + .seconds(125))
        _ = registry.tick(at: t0 + .seconds(170))
        #expect(registry.activeCodes == ["78093"])
        _ = registry.answered(
            id(1), [Answer(.echo(sent: 2), isAnswered: true, after: .milliseconds(3))], at: t0 + .seconds(171))
        #expect(registry.activeCodes == ["78174"])
        try registry.checkInvariants()
    }
}
