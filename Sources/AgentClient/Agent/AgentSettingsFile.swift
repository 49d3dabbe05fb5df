internal import RollcallProtocol
internal import Yams

/// The settings file of an agent: a YAML mapping with the names of the flags. Errors name file and line.
public enum AgentSettingsFile {
    /// Every key, as errors list them.
    static let keys = [
        "server", "identity", "role", "components", "site", "process-server", "process-server-port",
        "process-server-check", "hostname", "hardware-id", "watch", "watch-interval", "log-level",
    ]

    /// Reads the text of the file `name`.
    /// - Throws: `AgentSettingsError`.
    public static func parse(_ text: String, name: String) throws(AgentSettingsError) -> AgentSettings {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw AgentSettingsError("\(name): not YAML: \("\(error)".oneLine)")
        }
        var settings = AgentSettings()
        guard let root else { return settings }
        guard case .mapping(let mapping) = root else {
            throw AgentSettingsError("\(name):\(line(root)): expected settings, one 'key: value' a line")
        }
        for (key, value) in mapping {
            let text = key.string ?? ""
            let place = "\(name):\(line(key))"
            switch text {
            case "server": settings.server = try string(value, text, place)
            case "identity": settings.identity = try string(value, text, place)
            case "role": settings.role = try string(value, text, place)
            case "components": settings.components = try list(value, text, place)
            case "site": settings.site = try string(value, text, place)
            case "process-server": settings.processServer = try string(value, text, place)
            case "process-server-port": settings.processServerPort = try string(value, text, place)
            case "process-server-check": settings.processServerCheck = try duration(value, text, place)
            case "hostname": settings.hostname = try string(value, text, place)
            case "hardware-id": settings.hardwareID = try string(value, text, place)
            case "watch": settings.watch = try list(value, text, place)
            case "log-level": settings.logLevel = try string(value, text, place)
            case "watch-interval": settings.watchInterval = try duration(value, text, place)
            default:
                throw AgentSettingsError(
                    "\(place): there is no setting '\(text.oneLine)'. There are: \(keys.joined(separator: ", "))")
            }
        }
        return settings
    }

    private static func string(_ node: Node, _ key: String, _ place: String) throws(AgentSettingsError) -> String {
        guard case .scalar(let scalar) = node else {
            throw AgentSettingsError("\(place): '\(key)' takes one value")
        }
        return scalar.string
    }

    private static func duration(
        _ node: Node, _ key: String, _ place: String
    ) throws(AgentSettingsError) -> Duration {
        let value = try string(node, key, place)
        guard let duration = Duration(text: value) else {
            throw AgentSettingsError("\(place): \(key) is '\(value)': write 500ms, 5s or 1m")
        }
        return duration
    }

    private static func list(_ node: Node, _ key: String, _ place: String) throws(AgentSettingsError) -> [String] {
        guard case .sequence(let sequence) = node else {
            throw AgentSettingsError("\(place): '\(key)' takes a list, one '- entry' a line")
        }
        var list: [String] = []
        for entry in sequence { list.append(try string(entry, key, "\(place)")) }
        return list
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
