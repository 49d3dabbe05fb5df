internal import RollcallProtocol

/// One unit as `systemctl show` prints it, and what that means for people who think in services.
struct SystemdUnit: Equatable {
    /// The properties that are asked for.
    static let properties = ["Id", "LoadState", "ActiveState", "SubState", "UnitFileState", "Result"]

    private let values: [Substring: Substring]

    /// Units in the output of `systemctl show A B …`, in the order of the arguments: blocks of KEY=VALUE lines with an
    /// empty line between two.
    static func parse(_ output: String) -> [SystemdUnit] {
        output.split(separator: "\n\n").map { block in
            let pairs = block.split(separator: "\n").compactMap { line -> (Substring, Substring)? in
                guard let equals = line.firstIndex(of: "=") else { return nil }
                return (line[..<equals], line[line.index(after: equals)...])
            }
            return SystemdUnit(values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The report for a service that is watched as `unit`.
    func report(name: String, unit: String) -> WireServiceReport {
        .with {
            $0.name = name
            $0.unit = unit
            $0.state = state
            $0.startType = startType
            $0.detail = ServiceDetail.text("systemd unit \(unit): \(words)")
        }
    }

    private func value(_ key: Substring) -> Substring { values[key] ?? "" }

    var state: WireServiceState {
        switch value("LoadState") {
        case "not-found": return .notInstalled
        // systemd cannot read it, so it cannot start it; what ran before may run on.
        case "loaded", "masked", "bad-setting", "error", "merged": break
        default: return .unspecified
        }
        switch value("ActiveState") {
        case "active", "reloading", "refreshing": return .running
        case "activating": return .starting
        case "deactivating": return .stopping
        case "inactive", "failed", "maintenance": return .stopped
        default: return .unspecified
        }
    }

    var startType: WireStartType {
        switch value("UnitFileState") {
        case "enabled", "enabled-runtime", "alias": .automatic
        case "static", "indirect", "generated", "transient", "linked", "linked-runtime": .manual
        case "disabled", "masked", "masked-runtime": .disabled
        default: .unspecified
        }
    }

    /// What systemd sees, shortest first: "running", "failed (exit-code)", "not found", "dead, masked".
    private var words: String {
        let load = value("LoadState")
        if load == "not-found" { return "not found" }
        let active = value("ActiveState")
        var words = active == "failed" ? "failed" : String(value("SubState"))
        if words.isEmpty { words = active.isEmpty ? "state not told" : String(active) }
        let result = value("Result")
        if !result.isEmpty, result != "success" { words += " (\(result))" }
        if load == "masked" { words += ", masked" }
        if load == "bad-setting" || load == "error" { words += ", its unit file cannot be read" }
        return words
    }
}

/// Texts that go into `ServiceReport.detail`.
enum ServiceDetail {
    /// What the protocol allows.
    private static let bytesMax = 256

    /// The text in one line, cut to what the protocol allows.
    static func text(_ text: String) -> String { text.oneLine.cut(toBytes: bytesMax) }
}
