internal import RollcallProtocol
internal import Yams

/// What is wrong with a scenario: file, line and fault.
public struct ScenarioError: Error, Equatable, CustomStringConvertible {
    /// In one line.
    public let description: String

    init(_ file: String, _ line: Int, _ fault: String) {
        description = line > 0 ? "\(file):\(line): \(fault)" : "\(file): \(fault)"
    }
}

/// The form of a scenario in YAML; `docs/scenarios.md` explains it to people.
public enum ScenarioFile {
    /// Steps of one file, and repetitions of one flap.
    static let stepsMax = 10_000
    private static let keys = ["at", "do", "service", "nodes", "role", "site", "count", "for", "every", "times"]
    private static let acts = [
        "stop-service", "start-service", "kill", "freeze", "thaw", "partition", "heal", "flap", "restart", "leave",
        "return",
    ]

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
            case "steps":
                guard case .sequence(let steps) = value else {
                    throw ScenarioError(name, line(value), "'steps' takes a list, one '- at: …' a step")
                }
                guard steps.count <= stepsMax else {
                    throw ScenarioError(name, line(value), "\(steps.count) steps: \(stepsMax) at most")
                }
                for step in steps { scenario.steps.append(try Reader(file: name, step).step()) }
            default:
                throw ScenarioError(name, line(key), "there is no '\(key.string ?? "")' here. There are: name, steps")
            }
        }
        return scenario
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 0 }

    /// Reads one step.
    private struct Reader {
        let file: String
        let line: Int
        private var values: [String: (text: String, line: Int)] = [:]

        init(file: String, _ node: Node) throws(ScenarioError) {
            self.file = file
            line = ScenarioFile.line(node)
            guard case .mapping(let mapping) = node else {
                throw ScenarioError(file, line, "a step is 'at: 10s', 'do: kill', 'nodes: …', a line each")
            }
            for (key, value) in mapping {
                let line = ScenarioFile.line(key)
                guard let name = key.string, ScenarioFile.keys.contains(name) else {
                    throw ScenarioError(
                        file, line,
                        "there is no '\(key.string ?? "")' in a step. There are: \(ScenarioFile.keys.joined(separator: ", "))"
                    )
                }
                guard case .scalar(let scalar) = value else {
                    throw ScenarioError(file, line, "'\(name)' takes one value")
                }
                values[name] = (scalar.string, line)
            }
        }

        func step() throws(ScenarioError) -> Scenario.Step {
            let act = try act()
            let target = try target()
            let lasting = try optionalDuration("for")
            if lasting != nil, act.undoing == nil {
                throw ScenarioError(
                    file, place("for"), "'for' has no meaning with '\(try text("do"))': nothing undoes it")
            }
            return Scenario.Step(at: try duration("at"), act: act, target: target, lasting: lasting, line: line)
        }

        private func act() throws(ScenarioError) -> Scenario.Act {
            let name = try text("do")
            let act: Scenario.Act
            switch name {
            case "stop-service": act = .stopService(try text("service"))
            case "start-service": act = .startService(try text("service"))
            case "kill": act = .kill
            case "freeze": act = .freeze
            case "thaw": act = .thaw
            case "partition": act = .partition
            case "heal": act = .heal
            case "flap": act = .flap(period: try period(), times: try number("times", most: ScenarioFile.stepsMax))
            case "restart": act = .restart
            case "leave": act = .leave
            case "return": act = .comeBack
            default:
                throw ScenarioError(
                    file, place("do"), "there is no '\(name)'. There are: \(ScenarioFile.acts.joined(separator: ", "))")
            }
            if act.service == nil, values["service"] != nil {
                throw ScenarioError(file, place("service"), "'service' has no meaning with '\(name)'")
            }
            if name != "flap", let key = ["every", "times"].first(where: { values[$0] != nil }) {
                throw ScenarioError(file, place(key), "'\(key)' has no meaning with '\(name)'")
            }
            return act
        }

        private func target() throws(ScenarioError) -> Scenario.Target {
            var target = Scenario.Target(
                hostname: values["nodes"]?.text, role: values["role"]?.text, site: values["site"]?.text)
            if let role = target.role, Scenario.Target.roles[role] == nil {
                throw ScenarioError(
                    file, place("role"), "role is '\(role)': it is agent, process-server or master-target")
            }
            if values["count"] != nil { target.count = try number("count", most: FleetOptions.nodesMax) }
            guard !target.isEmpty else {
                throw ScenarioError(file, line, "the step names no machines: give nodes ('*' is all), role or site")
            }
            return target
        }

        private func period() throws(ScenarioError) -> Duration {
            let period = try duration("every")
            guard period >= .milliseconds(2) else { throw ScenarioError(file, place("every"), "'every' is too short") }
            return period
        }

        private func text(_ key: String) throws(ScenarioError) -> String {
            guard let value = values[key], !value.text.isEmpty else {
                throw ScenarioError(file, place(key), "the step says no '\(key)'")
            }
            return value.text
        }

        private func duration(_ key: String) throws(ScenarioError) -> Duration {
            let text = try text(key)
            guard let duration = Duration(text: text) else {
                throw ScenarioError(file, place(key), "'\(key)' is '\(text)': write 500ms, 10s, 2m or 1h")
            }
            return duration
        }

        private func optionalDuration(_ key: String) throws(ScenarioError) -> Duration? {
            values[key] == nil ? nil : try duration(key)
        }

        private func number(_ key: String, most: Int) throws(ScenarioError) -> Int {
            let text = try text(key)
            guard let number = Int(text), (1...most).contains(number) else {
                throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is 1 to \(most)")
            }
            return number
        }

        private func place(_ key: String) -> Int { values[key]?.line ?? line }
    }
}

extension YamlError {
    /// The line at which the parser gave up.
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }

    fileprivate var fault: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        default: "\(self)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }
}
