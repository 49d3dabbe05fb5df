internal import Foundation
internal import Registry
internal import RollcallProtocol
internal import Yams

/// The form of a scenario in YAML; `docs/scenarios.md` explains it to people.
public enum ScenarioFile {
    /// Steps of one file, and repetitions of one flap.
    static let stepsMax = 10_000
    /// No moment of a scenario is later, and nothing lasts longer.
    static let timeMax = Duration.seconds(366 * 86_400)

    /// Reads a file.
    /// - Throws: `ScenarioError` that names the file, and the line.
    public static func read(_ path: String) throws(ScenarioError) -> Scenario {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ScenarioError(path, 0, "cannot be read. Check the name and who may read it")
        }
        return try parse(String(decoding: bytes, as: UTF8.self), name: path)
    }

    /// Reads the text of the file `name`.
    /// - Throws: `ScenarioError` that names the line.
    public static func parse(_ text: String, name: String) throws(ScenarioError) -> Scenario {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ScenarioError(name, error.line ?? 0, "not YAML: \(error.fault)")
        } catch {
            throw ScenarioError(name, 0, "not YAML: \(error)")
        }
        guard case .mapping(let mapping)? = root else {
            throw ScenarioError(name, 1, "a scenario is 'steps:' and a list")
        }
        var scenario = Scenario()
        for (key, value) in mapping {
            switch key.string {
            case "name": scenario.name = value.string ?? ""
            case "fleet": scenario.fleet = try fleet(ScenarioFields(value, of: .fleet, in: name))
            case "interval": scenario.interval = try interval(value, name)
            case "asking": scenario.asking = try asking(value, name)
            case "duration": scenario.duration = try duration(value, "duration", name)
            case "steps":
                for step in try list(value, "steps", "one '- at: …' a step", name) {
                    scenario.steps.append(try ScenarioFields(step, of: .step, in: name).step())
                }
            case "expect":
                var all: [Expectation] = []
                for item in try list(value, "expect", "one '- error: …' an expectation", name) {
                    all.append(try ScenarioFields(item, of: .expectation, in: name).expectation())
                }
                scenario.expectations = all
            default:
                throw ScenarioError(name, line(key), unknown: key.string ?? "", "here", of: keys)
            }
        }
        return scenario
    }

    private static let keys = ["name", "fleet", "interval", "duration", "asking", "steps", "expect"]

    private static func asking(_ node: Node, _ file: String) throws(ScenarioError) -> Scenario.Asking {
        guard let asking = Scenario.Asking(rawValue: node.string ?? "") else {
            let known = Scenario.Asking.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScenarioError(file, line(node), "'asking' is '\(node.string ?? "")': it is one of \(known)")
        }
        return asking
    }

    private static func list(
        _ node: Node, _ key: String, _ form: String, _ file: String
    ) throws(ScenarioError) -> Node.Sequence {
        guard case .sequence(let items) = node else {
            throw ScenarioError(file, line(node), "'\(key)' takes a list, \(form)")
        }
        guard items.count <= stepsMax else {
            throw ScenarioError(file, line(node), "\(items.count) in '\(key)': \(stepsMax) at most")
        }
        return items
    }

    private static func duration(_ node: Node, _ key: String, _ file: String) throws(ScenarioError) -> Duration {
        guard let text = node.string, let duration = Duration(text: text), duration > .zero, duration <= timeMax else {
            throw ScenarioError(
                file, line(node),
                "'\(key)' is '\(node.string ?? "")': write 500ms, 10s, 2m, 1h or 1d; \(timeMax.text) at most")
        }
        return duration
    }

    private static func interval(_ node: Node, _ file: String) throws(ScenarioError) -> Duration {
        let interval = try duration(node, "interval", file)
        let (least, most) = (RegistryLimits.heartbeatIntervalMin, RegistryLimits.heartbeatIntervalMax)
        guard (least...most).contains(interval) else {
            throw ScenarioError(
                file, line(node), "'interval' is '\(interval.text)': it is \(least.text) to \(most.text)")
        }
        return interval
    }

    private static func fleet(_ fields: ScenarioFields) throws(ScenarioError) -> FleetOptions {
        let usual = FleetOptions.usual
        var options = FleetOptions(
            agents: try fields.count("agents", else: usual.agents),
            processServers: try fields.count("process-servers", else: usual.processServers),
            masterTargets: try fields.count("master-targets", else: usual.masterTargets),
            sites: try fields.count("sites", else: usual.sites),
            seed: UInt64(try fields.count("seed", else: Int(usual.seed))))
        options.firstSitePercent = try fields.optionalNumber("first-site", most: 99)
        options.hasOwnClocks = try fields.flag("own-clocks")
        if let fault = options.fault { throw ScenarioError(fields.file, fields.line, fault) }
        return options
    }

    static func line(_ node: Node) -> Int { node.mark?.line ?? 0 }
}

extension YamlError {
    /// The line at which the parser gave up.
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var fault: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _),
            .reader(let problem, _, _, _):
            problem
        case .duplicatedKeysInMapping(let keys, _):
            "it says \(keys.map { "'\($0)'" }.joined(separator: ", ")) twice"
        default: "\(self)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }
}
