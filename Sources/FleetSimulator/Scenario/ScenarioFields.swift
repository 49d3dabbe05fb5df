internal import ErrorCatalogue
internal import EventLoop
internal import RollcallProtocol
internal import Yams

/// One entry of a scenario file: names and single values, each with its line for messages.
struct ScenarioFields {
    /// What an entry is, and so what it may say.
    enum Kind {
        case fleet, step, expectation

        var keys: [String] {
            switch self {
            case .fleet: ["agents", "process-servers", "master-targets", "sites", "first-site", "seed", "own-clocks"]
            case .step: ["at", "do"] + ScenarioFields.targetKeys + ["same-as", "for"] + ActForm.keys
            case .expectation:
                ["error", "about", "step"] + ScenarioFields.targetKeys + [
                    "service", "by", "gone-by", "times", "cause", "remedy", "optional",
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

    private static let targetKeys = ["nodes", "role", "site", "process-server", "count"]

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
                throw ScenarioError(file, line, unknown: key.string ?? "", "in \(kind.noun)", of: kind.keys)
            }
            guard case .scalar(let scalar) = value else { throw ScenarioError(file, line, "'\(name)' takes one value") }
            values[name] = (scalar.string, line)
        }
    }

    // MARK: a step

    func step() throws(ScenarioError) -> Scenario.Step {
        let act = try act()
        let target = act.isOfServer ? try noTarget() : try stepTarget()
        let lasting = try optionalTime("for")
        if lasting != nil, act.undoing == nil {
            throw ScenarioError(
                file, place("for"), "'for' has no meaning with '\(try text("do"))': nothing undoes it")
        }
        if lasting == nil, act.needsDuration {
            throw ScenarioError(file, line, "'\(try text("do"))' needs 'for': how long it lasts")
        }
        return Scenario.Step(at: try time("at"), act: act, target: target, lasting: lasting, line: line)
    }

    private func act() throws(ScenarioError) -> Scenario.Act {
        let name = try text("do")
        guard let form = ActForm.all.first(where: { $0.name == name }) else {
            throw ScenarioError(file, place("do"), unknown: name, "to do", of: ActForm.all.map(\.name))
        }
        for key in ActForm.keys where values[key] != nil && !form.keys.contains(key) {
            let allowed = form.keys.isEmpty ? "" : "; it takes " + form.keys.joined(separator: ", ")
            throw ScenarioError(file, place(key), "'\(key)' has no meaning with '\(name)'\(allowed)")
        }
        return try form.make(self)
    }

    private func noTarget() throws(ScenarioError) -> Scenario.Target {
        if let key = (Self.targetKeys + ["same-as"]).first(where: { values[$0] != nil }) {
            throw ScenarioError(file, place(key), "'\(key)' has no meaning here: this names no machines")
        }
        return Scenario.Target()
    }

    private func stepTarget() throws(ScenarioError) -> Scenario.Target {
        guard values["same-as"] != nil else { return try target(orMissing: "the step names no machines") }
        if let key = Self.targetKeys.first(where: { values[$0] != nil }) {
            throw ScenarioError(file, place(key), "'\(key)' has no meaning beside 'same-as'")
        }
        var target = Scenario.Target()
        target.sameAs = try number("same-as", most: ScenarioFile.stepsMax)
        return target
    }

    private func target(orMissing missing: String) throws(ScenarioError) -> Scenario.Target {
        var target = Scenario.Target(
            hostname: values["nodes"]?.text, role: values["role"]?.text, site: values["site"]?.text,
            processServer: values["process-server"]?.text)
        if let role = target.role, Scenario.Target.roles[role] == nil {
            throw ScenarioError(
                file, place("role"), "role is '\(role)': it is agent, process-server or master-target")
        }
        if values["count"] != nil { target.count = try number("count", most: FleetOptions.nodesMax) }
        guard !target.isEmpty else {
            throw ScenarioError(file, line, "\(missing): give nodes ('*' is all), role, site or process-server")
        }
        return target
    }

    func period() throws(ScenarioError) -> Duration {
        let period = try duration("every")
        guard period >= .milliseconds(2) else {
            throw ScenarioError(file, place("every"), "'every' is '\(period.text)': 2ms at least")
        }
        return period
    }

    /// How far a clock is set ahead; behind is negative.
    func clockOffset() throws(ScenarioError) -> Duration {
        switch (values["ahead"], values["behind"]) {
        case (_?, nil): return try duration("ahead")
        case (nil, _?): return .zero - (try duration("behind"))
        default: throw ScenarioError(file, line, "'\(try text("do"))' takes one of 'ahead: 5m' and 'behind: 5m'")
        }
    }

    // MARK: an expectation

    func expectation() throws(ScenarioError) -> Expectation {
        let scope = try scope()
        let machines: Expectation.Machines
        if scope == .server || scope == .group {
            machines = .target(try noTarget())
        } else if values["step"] != nil {
            if let key = Self.targetKeys.first(where: { values[$0] != nil }) {
                throw ScenarioError(
                    file, place(key), "'\(key)' has no meaning beside 'step': the step names the machines")
            }
            machines = .step(try number("step", most: ScenarioFile.stepsMax))
        } else {
            machines = .target(try target(orMissing: "the expectation names no machines (or the step that hit them)"))
        }
        let (by, goneBy) = (try time("by"), try optionalTime("gone-by"))
        if let goneBy, goneBy < by {
            throw ScenarioError(
                file, place("gone-by"), "'gone-by' is '\(goneBy.text)': that is before 'by', '\(by.text)'")
        }
        return Expectation(
            error: try errors(), scope: scope, machines: machines, service: values["service"]?.text ?? "",
            by: by, goneBy: goneBy,
            times: values["times"] == nil ? 1 : try number("times", most: 1_000),
            cause: try optionalText("cause"), remedy: try optionalText("remedy"),
            isOptional: try flag("optional"), line: line)
    }

    /// Codes as they are: "806", "806|78022".
    private func errors() throws(ScenarioError) -> String {
        let text = try text("error")
        let known = ErrorCode.allCases.map(\.rawValue)
        if let code = text.alternatives.first(where: { !known.contains($0) }) {
            throw ScenarioError(file, place("error"), unknown: code, "among the errors", of: known)
        }
        return text
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

    func flag(_ key: String) throws(ScenarioError) -> Bool {
        switch values[key]?.text {
        case nil, "false": return false
        case "true": return true
        case let text?: throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is true or false")
        }
    }

    /// One of a type's words; nil if nothing is said.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String) throws(ScenarioError) -> Choice? {
        guard values[key] != nil else { return nil }
        return Choice(rawValue: try word(key, of: Choice.allCases.map(\.rawValue)))
    }

    /// One of these words.
    func word(_ key: String, of words: [String]) throws(ScenarioError) -> String {
        let text = try text(key)
        guard words.contains(text) else {
            let known = words.joined(separator: ", ")
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is one of \(known)")
        }
        return text
    }

    func optionalText(_ key: String) throws(ScenarioError) -> String { values[key] == nil ? "" : try text(key) }

    func text(_ key: String) throws(ScenarioError) -> String {
        guard let value = values[key], !value.text.isEmpty else {
            throw ScenarioError(file, place(key), "\(kind == .step ? "the step" : kind.noun) says no '\(key)'")
        }
        return value.text
    }

    func duration(_ key: String) throws(ScenarioError) -> Duration {
        let text = try text(key)
        guard let duration = Duration(text: text) else {
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': write 500ms, 10s, 2m, 1h or 1d")
        }
        return duration
    }

    /// A moment of the scenario, or how long something in it lasts.
    private func time(_ key: String) throws(ScenarioError) -> Duration {
        let time = try duration(key)
        guard time <= ScenarioFile.timeMax else {
            throw ScenarioError(
                file, place(key), "'\(key)' is '\(time.text)': it is \(ScenarioFile.timeMax.text) at most")
        }
        return time
    }

    private func optionalTime(_ key: String) throws(ScenarioError) -> Duration? {
        values[key] == nil ? nil : try time(key)
    }

    /// An IP address.
    func address(_ key: String) throws(ScenarioError) -> String {
        let text = try text(key)
        guard SocketAddress(host: text, port: 0) != nil else {
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is an address, as 10.9.8.7 or fd00::1")
        }
        return text
    }

    func number(_ key: String, most: Int) throws(ScenarioError) -> Int {
        let text = try text(key)
        guard let number = Int(text), (1...most).contains(number) else {
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is 1 to \(most)")
        }
        return number
    }

    func optionalNumber(_ key: String, most: Int) throws(ScenarioError) -> Int? {
        values[key] == nil ? nil : try number(key, most: most)
    }

    /// A number that may be 0 or left out.
    func count(_ key: String, else usual: Int) throws(ScenarioError) -> Int {
        guard let text = values[key]?.text else { return usual }
        guard let number = Int(text), number >= 0 else {
            throw ScenarioError(file, place(key), "'\(key)' is '\(text)': it is a whole number, 0 or more")
        }
        return number
    }

    private func place(_ key: String) -> Int { values[key]?.line ?? line }
}
