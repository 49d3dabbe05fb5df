internal import Registry

/// Scenarios out of a seed: a bad week for a fleet, in which everything that goes wrong is put right again.
public enum RandomTrouble {
    /// The fleet that lives through it: in every second one application services dial in by themselves.
    public static func fleet(_ options: FleetOptions) -> SimulatedFleet {
        var options = options
        options.hasOwnClocks = options.seed % 2 == 0
        return SimulatedFleet(options)
    }

    /// A scenario whose steps all end, the last one well before the end of the span.
    /// - Parameters:
    ///   - fleet: for whom.
    ///   - span: how long the run lasts; an hour at least.
    ///   - every: the mean time between two steps.
    /// - Returns: the scenario, without expectations: what must never be is known without them.
    public static func scenario(for fleet: SimulatedFleet, over span: Duration, every: Duration) -> Scenario {
        var draw = Draw(fleet)
        var scenario = Scenario(name: "random trouble of seed \(fleet.options.seed)")
        scenario.duration = span
        scenario.asking = Scenario.Asking.allCases.randomElement(using: &draw.chance) ?? .connection
        scenario.steps = draw.commonalities()
        let last = span - Rehearsal.aftermath - longest - .seconds(600)
        var at = Duration.seconds(120)
        while at < last {
            scenario.steps.append(draw.step(at))
            at += every * Double.random(in: 0.1...2, using: &draw.chance)
        }
        return scenario
    }

    fileprivate static let longest = Duration.seconds(1_200)
}

/// Draws one step after the other.
private struct Draw {
    let fleet: SimulatedFleet
    var chance: Chance

    init(_ fleet: SimulatedFleet) {
        self.fleet = fleet
        chance = Chance(seed: fleet.options.seed, 21)
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &chance) }

    /// What some of the machines have in common from the start, whatever their site: a NAT device, an address of the server,
    /// who issued their certificates.
    mutating func commonalities() -> [Scenario.Step] {
        [Scenario.Act.comeFrom("203.0.113.7"), .arriveAt("10.0.0.2"), .issuedBy("Rollcall CA 2024")].map { act in
            let count = number(3...max(3, fleet.nodes.count / 4))
            return Scenario.Step(at: .zero, act: act, target: .init(hostname: "*", count: count))
        }
    }

    mutating func step(_ at: Duration) -> Scenario.Step {
        let lasting = Duration.milliseconds(number(200...Int(RandomTrouble.longest / .milliseconds(1))))
        let short = lasting / 10
        let kind = number(0...149)
        if kind >= 124 { return ofServer(kind - 124, at, lasting, short) }
        if kind >= 116, fleet.options.hasOwnClocks { return ofOneProgram(at, lasting) }
        let (act, time) = ofMachines(kind, lasting, short)
        return Scenario.Step(at: at, act: act, target: target(of: act), lasting: time)
    }

    private mutating func ofMachines(
        _ kind: Int, _ lasting: Duration, _ short: Duration
    ) -> (Scenario.Act, Duration?) {
        switch kind {
        case 0..<12: (.kill, lasting)
        case 12..<20: (.powerOff, lasting)
        case 20..<32: (.partition, lasting)
        case 32..<38: (.partition, short)
        case 38..<42: (.deafen, lasting)
        case 42..<48: (.freeze, lasting)
        case 48..<56: (.stopService(RoleServices.sentinel, startType: nil), lasting)
        case 56..<61: (.restart, short)
        case 61..<66: (.leave(.decommission), lasting)
        case 66..<73: (.upgrade(["1.9.1", "1.8.4", "1.10.0", "1.3.0"].randomElement(using: &chance) ?? "1.9.1"), short)
        case 73..<80: (.losePackets(number(5...40)), lasting)
        case 80..<85: (.flap(period: .seconds(number(2...90)), times: 6), nil)
        case 85..<90: (.setClock(.seconds(number(-4_000...4_000))), lasting)
        case 90..<93: (.setClock(.seconds(number(-4_000...4_000))), short)
        case 93..<96: (.refuse(reason: AttemptReason.certificateExpired.word, issuer: ""), lasting)
        case 96..<99: (.certificate(endsIn: short), lasting)
        case 99..<102: (.blockData, lasting)
        case 102..<105: (.hide(nil), lasting)
        case 105..<107: (.declareFailover, lasting)
        case 107..<109: (.cloneServer, lasting)
        case 109..<110: (.clone(.disk), lasting)
        default: (.kill, short)
        }
    }

    /// Where two programs of a machine dial in, one of them has trouble.
    private mutating func ofOneProgram(_ at: Duration, _ lasting: Duration) -> Scenario.Step {
        let acts: [Scenario.Act] = [
            .killAgent, .hangAgent, .stopService(RoleServices.scout, startType: nil),
            .hangService(RoleServices.scout, seenAs: .running),
        ]
        return Scenario.Step(
            at: at, act: acts.randomElement(using: &chance) ?? .killAgent, target: .init(role: "agent", count: 1),
            lasting: lasting)
    }

    private mutating func ofServer(
        _ kind: Int, _ at: Duration, _ lasting: Duration, _ short: Duration
    ) -> Scenario.Step {
        let (act, time): (Scenario.Act, Duration) =
            switch kind {
            case 0..<4: (.restartServer, short)
            case 4..<8: (.stallServer, lasting)
            case 8..<13: (.slowStore, lasting)
            case 13..<16: (.breakStore, lasting)
            case 16..<19: (.setServerClock(.seconds(number(-8_000...8_000))), lasting)
            case 19..<21: (.restoreServer(age: .seconds(number(10...4_000))), short)
            case 21..<23: (.serverCertificate(endsIn: short), lasting)
            default: (.restartServer, short)
            }
        return Scenario.Step(at: at, act: act, target: .init(), lasting: time)
    }

    /// One machine, a few, a site, or those that have something else in common.
    private mutating func target(of act: Scenario.Act) -> Scenario.Target {
        switch act {
        case .stopService, .blockData, .declareFailover, .clone: return .init(role: "agent", count: 1)
        default: break
        }
        let site = fleet.sites.randomElement(using: &chance) ?? fleet.sites[0]
        switch number(0...11) {
        case 0..<6: return .init(role: "agent", count: 1)
        case 6..<8: return .init(hostname: "*", count: number(2...6))
        case 8..<10: return .init(site: site)
        default:
            var target = Scenario.Target()
            target.sameAs = number(1...3)
            return target
        }
    }
}
