internal import Registry

/// Scenarios out of a seed: a bad week for a fleet, in which everything that goes wrong is put right again.
public enum RandomTrouble {
    /// A scenario whose steps all end, the last one well before the end of the span.
    /// - Parameters:
    ///   - fleet: for whom.
    ///   - span: how long the run lasts; an hour at least.
    ///   - every: the mean time between two steps.
    /// - Returns: the scenario, without expectations: what must never be is known without them.
    public static func scenario(for fleet: SimulatedFleet, over span: Duration, every: Duration) -> Scenario {
        var chance = Chance(seed: fleet.options.seed, 21)
        var scenario = Scenario(name: "random trouble of seed \(fleet.options.seed)")
        scenario.duration = span
        let last = span - Rehearsal.aftermath - longest - .seconds(600)
        var at = Duration.seconds(120)
        while at < last {
            scenario.steps.append(step(at, fleet, &chance))
            at += every * Double.random(in: 0.1...2, using: &chance)
        }
        return scenario
    }

    private static let longest = Duration.seconds(1_200)

    private static func step(_ at: Duration, _ fleet: SimulatedFleet, _ chance: inout Chance) -> Scenario.Step {
        let lasting = Duration.milliseconds(Int.random(in: 200...Int(longest / .milliseconds(1)), using: &chance))
        let short = lasting / 10
        func some(_ act: Scenario.Act, _ time: Duration) -> Scenario.Step {
            Scenario.Step(at: at, act: act, target: target(fleet, &chance), lasting: time)
        }
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<12: return some(.kill, lasting)
        case 12..<20: return some(.powerOff, lasting)
        case 20..<30: return some(.partition, lasting)
        case 30..<36: return some(.partition, short)
        case 36..<40: return some(.deafen, lasting)
        case 40..<46: return some(.freeze, lasting)
        case 46..<54: return some(.stopService(RoleServices.scout, startType: nil), lasting)
        case 54..<59: return some(.restart, short)
        case 59..<64: return some(.leave(.decommission), lasting)
        case 64..<70: return some(.losePackets(Int.random(in: 5...40, using: &chance)), lasting)
        case 70..<75:
            return Scenario.Step(
                at: at, act: .flap(period: .seconds(Int.random(in: 2...90, using: &chance)), times: 6),
                target: target(fleet, &chance))
        case 75..<79: return some(.setClock(.seconds(Int.random(in: -4_000...4_000, using: &chance))), lasting)
        case 79..<82: return some(.refuse(reason: AttemptReason.certificateExpired.word, issuer: ""), lasting)
        case 82..<84: return some(.blockData, lasting)
        case 84..<85:
            return Scenario.Step(at: at, act: .clone(.disk), target: .init(role: "agent", count: 1), lasting: lasting)
        case 85..<89: return ofServer(at, .restartServer, short)
        case 89..<93: return ofServer(at, .stallServer, lasting)
        case 93..<98: return ofServer(at, .slowStore, lasting)
        default: return ofServer(at, .breakStore, lasting)
        }
    }

    private static func ofServer(_ at: Duration, _ act: Scenario.Act, _ lasting: Duration) -> Scenario.Step {
        Scenario.Step(at: at, act: act, target: .init(), lasting: lasting)
    }

    /// One machine, a few, or a site.
    private static func target(_ fleet: SimulatedFleet, _ chance: inout Chance) -> Scenario.Target {
        let site = fleet.sites.randomElement(using: &chance) ?? fleet.sites[0]
        switch Int.random(in: 0..<10, using: &chance) {
        case 0..<6: return .init(role: "agent", count: 1)
        case 6..<8: return .init(hostname: "*", count: Int.random(in: 2...6, using: &chance))
        default: return .init(site: site)
        }
    }
}
