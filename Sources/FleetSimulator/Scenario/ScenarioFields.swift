internal import RollcallProtocol
internal import Yams

/// One entry of a scenario file: names and single values, each with its line for messages.
struct ScenarioFields {
    /// What an entry is, and so what it may say.
    enum Kind {
        case fleet, step, expectation

        var keys: [String] {
            switch self {
            case .fleet: ["agents", "process-servers", "master-targets", "sites", "seed"]
            case .step: ["at", "do", "service", "nodes", "role", "site", "count", "for", "every", "times", "percent"]
            case .expectation:
                [
                    "error", "about", "step", "nodes", "role", "site", "count", "service", "by", "gone-by", "times",
                    "cause", "remedy", "optional",
                ]
            }
        }

        var form: String {
            switch self {
            case .fleet: "'fleet' takes 'agents: 24', 'sites: 2' …, a line each"
            case .step: "a step is 'at: 10s', 'do: kill', 'nodes: …', a line each"
            case .expectation: "an expectation is 'error: 806', 'step: 1', 'by: 2m', a line each"
            }
        }

        var noun: String {
            switch self {
            case .fleet: "fleet"
            case .step: "a step"
            case .expectation: "an expectation"
            }
        }
    }

    let file: String
    let line: Int
    private let kind: Kind
    private var values: [String: (text: String, line: Int)] = [:]

    init(_ node: Node, of kind: Kind, in file: String) throws(ScenarioError) {
        self.file = file
        self.kind = kind
        line = ScenarioFile.line(node)
        guard case .mapping(let mapping) = node else { throw ScenarioError(file, line, kind.form) }
        for (key, value) in mapping {
            let line = ScenarioFile.line(key)
            guard let name = key.string, kind.keys.contains(name) else {
                let known = kind.keys.joined(separator: ", ")
                throw ScenarioError(
                    file, line, "there is no '\(key.string ?? "")' in \(kind.noun). There are: \(known)")
            }
            guard case .scalar(let scalar) = value else { throw ScenarioError(file, line, "'\(name)' takes one value") }
            values[name] = (scalar.string, line)
        }
    }

    // MARK: a step

    func step() throws(ScenarioError) -> Scenario.Step {
        let act = try act()
        let target = act.isOfServer ? try noTarget() : try target(orMissing: "the step names no machines")
        let lasting = try optionalDuration("for")
        if lasting != nil, act.undoing == nil {
            throw ScenarioError(
                file, place("for"), "'for' has no meaning with '\(try text("do"))': nothing undoes it")
        }
        if lasting == nil, act.needsDuration {
            throw ScenarioError(file, line, "'\(try text("do"))' needs 'for': how long it lasts")
        }
        return Scenario.Step(at: try duration("at"), act: act, target: target, lasting: lasting, line: line)
    }

    private func act() throws(ScenarioError) -> Scenario.Act {
        let name = try text("do")
        guard let form = Scenario.Act.forms[name] else {
            throw ScenarioError(
                file, place("do"), "there is no '\(name)'. There are: \(Scenario.Act.names.joined(separator: ", "))")
        }
        let act: Scenario.Act
        switch form {
        case .plain(let plain): act = plain
        case .service(let make): act = make(try text("service"))
        case .percent(let make): act = make(try number("percent", most: 90))
        case .flap: act = .flap(period: try period(), times: try number("times", most: ScenarioFile.stepsMax))
        }
        for key in ["service", "percent", "every", "times"] where values[key] != nil && !form.takes(key) {
            throw ScenarioError(file, place(key), "'\(key)' has no meaning with '\(name)'")
        }
        return act
    }

    private func noTarget() throws(ScenarioError) -> Scenario.Target {
        if let key = ["nodes", "role", "site", "count"].first(where: { values[$0] != nil }) {
            throw ScenarioError(file, place(key), "'\(key)' has no meaning here: it happens to the server")
        }
        return Scenario.Target()
    }

    private func target(orMissing missing: String) throws(ScenarioError) -> Scenario.Target {
        var target = Scenario.Target(
            hostname: values["nodes"]?.text, role: values["role"]?.text, site: values["site"]?.text)
        if let role = target.role, Scenario.Target.roles[role] == nil {
            throw ScenarioError(
                file, place("role"), "role is '\(role)': it is agent, process-server or master-target")
        }
        if values["count"] != nil { target.count = try number("count", most: FleetOptions.nodesMax) }
        guard !target.isEmpty else {
            throw ScenarioError(file, line, "\(missing): give nodes ('*' is all), role or site")
        }
        return target
    }

    private func period() throws(ScenarioError) -> Duration {
        let period = try duration("every")
        guard period >= .milliseconds(2) else { throw ScenarioError(file, place("every"), "'every' is too short") }
        return period
    }

    // MARK: an expectation

    func expectation() throws(ScenarioError) -> Expectation {
        let scope = try scope()
        let machines: Expectation.Machines
        if scope == .server {
            machines = .target(try noTarget())
        } else if values["step"] != nil {
            machines = .step(try number("step", most: ScenarioFile.stepsMax))
        } else {
            machines = .target(try target(orMissing: "the expectation names no machines (or the step that hit them)"))
        }
        return Expectation(
            error: try text("error"), scope: scope, machines: machines, service: values["service"]?.text ?? "",
            by: try duration("by"), goneBy: try optionalDuration("gone-by"),
            times: values["times"] == nil ? 1 : try number("times", most: 1_000),
            cause: values["cause"]?.text ?? "", remedy: values["remedy"]?.text ?? "",
            isOptional: try flag("optional"), line: line)
    }

    private func scope() throws(ScenarioError) -> Expectation.Scope {
        guard let text = values["about"]?.text else { return values["service"] == nil ? .node : .service }
        guard let scope = Expectation.Scope(rawValue: text) else {
            let known = Expectation.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScenarioError(file, place("about"), "about is '\(text)': it is one of \(known)")
        }
        return scope
    }

    // MARK: single values

    private func flag(_ key: String) throws(ScenarioError) -> Bool {
        switch values[key]?.text {
        case nil, "false": return false
        case "true": return true
        case let text?: throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is true or false")
        }
    }

    private func text(_ key: String) throws(ScenarioError) -> String {
        guard let value = values[key], !value.text.isEmpty else {
            throw ScenarioError(file, place(key), "\(kind == .step ? "the step" : kind.noun) says no '\(key)'")
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

    /// A number that may be 0 or left out.
    func count(_ key: String, else usual: Int) throws(ScenarioError) -> Int {
        guard let text = values[key]?.text else { return usual }
        guard let number = Int(text), number >= 0 else {
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is a whole number")
        }
        return number
    }

    private func place(_ key: String) -> Int { values[key]?.line ?? line }
}
