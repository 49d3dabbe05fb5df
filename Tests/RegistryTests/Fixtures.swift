import ErrorCatalogue
import Registry

/// 2026-11-25 14:00:00 UTC, when every test starts.
let t0 = Instant(unixMilliseconds: 1_795_615_200_000)

/// The application service's name, as operators know it.
let scout = "InMage Scout Application Service"

func session(_ number: UInt64) -> SessionID { SessionID(loop: 0, number: number) }

func id(_ number: UInt64) -> NodeID { NodeID(high: 0xAAAA_0000_0000_0000, low: number) }

/// A report of the application service's unit, or of "NAME.service".
func report(
    _ name: String = scout, _ state: ServiceState, _ startType: StartType = .automatic, unit: String? = nil
) -> ServiceReport {
    let unit = unit ?? (name == scout ? "appservice.service" : "\(name).service")
    return ServiceReport(name: name, state: state, startType: startType, unit: unit)
}

/// A registration of node `number` on its own session, as a Linux mobility agent "web-NN" of site "east".
func registration(
    _ number: UInt64, role: Role = .mobilityAgent, site: String = "east", hostname: String? = nil,
    platform: Platform = .linux, services: [ServiceReport] = [], components: [ComponentKind] = [],
    session number2: UInt64? = nil, boot: UInt8 = 1
) -> Registration {
    Registration(
        id: id(number), session: session(number2 ?? number),
        facts: NodeFacts(
            hostname: hostname ?? (number < 10 ? "web-0\(number)" : "web-\(number)"), role: role, platform: platform,
            osVersion: "Debian GNU/Linux 12", agentVersion: "0.1.0", addresses: ["10.1.0.\(number % 250 + 1)"],
            site: site,
            bootID: [UInt8](repeating: boot, count: 16)),
        components: components, services: services, sentAt: nil,
        connection: ConnectionFacts(
            peerAddress: "10.1.0.\(number % 250 + 1):5000", localAddress: "10.0.0.1:443", tlsVersion: "TLSv1.3"))
}

extension Registry {
    /// A fresh registry for a fleet of 30 s heartbeats.
    static func fresh(_ settings: RegistrySettings = RegistrySettings(serverName: "cs-01")) -> Registry {
        Registry(settings: settings, at: t0)
    }

    /// A registry in which nodes 1 to `count` of site "east" are registered and written.
    static func withNodes(_ count: UInt64) -> Registry {
        var registry = fresh()
        for number in 0..<count {
            let number = number + 1
            registry.registerAndCommit(registration(number), at: t0)
        }
        return registry
    }

    /// A registration as the shell has it: its commit succeeds at once.
    @discardableResult
    mutating func registerAndCommit(_ registration: Registration, at now: Instant) -> Outcome<RegistrationReply> {
        let outcome = register(registration, at: now)
        commitSucceeded(outcome.effects.changes)
        return outcome
    }

    /// What a store would have after this registry has lived.
    func stored() throws -> RestoredRegistry {
        let nodes = try nodes(NodeQuery()).nodes.map { node in
            NodeRecord(
                id: node.id, facts: node.facts, components: node.components.map(\.kind),
                services: node.services.map(\.record), reachability: node.reachability,
                reachabilitySince: node.reachabilitySince, firstSeen: node.firstSeen, registeredAt: node.registeredAt,
                lastSeen: node.lastSeen, clockSkew: node.clockSkew, peerAddress: "10.1.0.2:5000",
                localAddress: "10.0.0.1:443")
        }
        let findings = activeFindings()
        return RestoredRegistry(
            nodes: nodes, findings: findings, lastFindingID: findings.map(\.id).max() ?? 0, lastAlive: t0)
    }

    subscript(_ number: UInt64) -> NodeView? { node(id(number)) }

    /// Codes of all active errors, worst first.
    var activeCodes: [String] { activeFindings().map(\.code.rawValue) }
}

extension Effects {
    /// What has to be written.
    var changes: [Change] {
        compactMap { if case .persist(let change) = $0 { change } else { nil } }
    }

    /// Each effect in a few words, for transcripts.
    var brief: [String] {
        map { effect in
            switch effect {
            case .persist(.node(let record)): "write \(record.facts.hostname) \(record.reachability)"
            case .persist(.removeNode(let id)): "remove \(id)"
            case .persist(.finding(let finding)):
                "write \(finding.code.rawValue) \(finding.clearedAt == nil ? "active" : "cleared")"
            case .persist(.history(let entry)): "history \(entry.event)"
            case .persist(.key(let record)):
                "key \(record.key.low) of \(record.node.low)"
                    + (record.replacedBy.map { " replaced by \($0.low)" } ?? "")
            case .persist(.removeKey(let id)): "forget key \(id.low)"
            case .publish(let event, let finding): "\(event) \(finding.code.rawValue) \(finding.subjectName)"
            case .askForFullReport(let session): "ask \(session.number) for everything"
            case .ask(let question):
                "question on \(question.sessions.map(\.number))"
                    + (question.machine.map { ", to \($0.address):\($0.port)" } ?? "")
            case .suspected(let id): "suspected \(id)"
            case .returned(let id, _): "returned \(id)"
            case .closeSession(let session, _): "close \(session.number)"
            case .object(let session, _): "object to \(session.number)"
            case .log: "log"
            }
        }
    }
}

extension RegistrationReply {
    /// Why it was refused; nil if it was not.
    var refusal: RegistrationRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}
