internal import EventLoop
internal import Foundation
internal import Registry
internal import Yams

/// Something that keeps the server from starting: one line with the thing, the fact and the next step.
public struct ServerError: Error, Equatable, CustomStringConvertible {
    /// The line.
    public let description: String
    /// The caller's mistake (wrong value), not the machine's state.
    public let isUsage: Bool

    /// An error with its line.
    public init(_ description: String, isUsage: Bool = false) {
        self.description = description
        self.isUsage = isUsage
    }
}

/// Puts settings together: flag, then variable, then file, then default.
public enum SettingsReader {
    /// Reads the settings.
    /// - Parameters:
    ///   - flags: what the command line gave, by setting's name; nothing for what it did not.
    ///   - environment: the process's variables.
    ///   - file: path of a YAML file, or nil.
    ///   - processors: how many loops to run if nobody says.
    ///   - hostname: the machine's name if nobody says.
    /// - Returns: settings that agree with each other.
    /// - Throws: `ServerError` naming flag, variable or line, with what would be right.
    public static func read(
        flags: [String: [String]], environment: [String: String], file: String?, processors: Int, hostname: String
    ) throws(ServerError) -> ServerSettings {
        var settings = ServerSettings()
        settings.loops = max(1, processors)
        settings.hostname = hostname
        settings.descriptorLimit = DescriptorLimit.raise()
        settings.maxConnections = max(64, settings.descriptorLimit - 256)
        var given: Set<String> = []
        let file = try file.map { path throws(ServerError) in try SettingsFile(path: path) }
        for setting in Setting.all {
            let source: String
            let texts: [String]
            if let flag = flags[setting.name], !flag.isEmpty {
                (source, texts) = ("--\(setting.name)", flag)
            } else if let value = environment[setting.variable], !value.isEmpty {
                let list =
                    setting.isList
                    ? value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } : [value]
                (source, texts) = (setting.variable, list)
            } else if let file, let entry = file.entries[setting.name] {
                (source, texts) = ("\(file.path):\(entry.line): \(setting.name)", entry.values)
            } else {
                continue
            }
            given.insert(setting.name)
            if let problem = setting.apply(texts, &settings) {
                throw ServerError("\(source): \(problem)", isUsage: true)
            }
        }
        follow(given, &settings)
        if let problem = settings.registry.problem { throw ServerError(problem, isUsage: true) }
        if settings.idleTimeout < settings.registry.unreachableAfter {
            throw ServerError(
                "idle-timeout \(settings.idleTimeout) is shorter than unreachable-after "
                    + "\(settings.registry.unreachableAfter): nodes would be cut off before they are judged; make it longer",
                isUsage: true)
        }
        if settings.maxConnections + 64 > settings.descriptorLimit {
            throw ServerError(
                "max-connections \(settings.maxConnections) does not fit the limit of \(settings.descriptorLimit) open "
                    + "files: lower it to \(max(1, settings.descriptorLimit - 64)), or raise LimitNOFILE", isUsage: true
            )
        }
        return settings
    }

    /// What follows from other settings where it was not given.
    private static func follow(_ given: Set<String>, _ settings: inout ServerSettings) {
        let own = settings.registry
        let standard = RegistrySettings(heartbeatInterval: own.heartbeatInterval)
        if !given.contains("suspect-after") { settings.registry.suspectAfter = standard.suspectAfter }
        if !given.contains("suspect-after-min") {
            settings.registry.suspectAfterMin = min(standard.suspectAfterMin, settings.registry.suspectAfter)
        }
        if !given.contains("unreachable-after") {
            settings.registry.unreachableAfter = max(standard.unreachableAfter, settings.registry.suspectAfter * 3 / 2)
        }
        if !given.contains("flapping-window") {
            settings.registry.flappingWindow = settings.registry.unreachableAfter * 20
        }
        if !given.contains("flapping-quiet") {
            settings.registry.flappingQuiet = settings.registry.unreachableAfter * 5
        }
        if !given.contains("homecoming") { settings.registry.homecomingGrace = standard.homecomingGrace }
        if !given.contains("idle-timeout") { settings.idleTimeout = settings.registry.unreachableAfter * 2 }
        settings.registry.serverName = settings.hostname
        settings.registry.serverPort = Int(settings.listen.first?.port ?? 443)
    }
}

/// A settings file: a flat YAML mapping whose keys are the settings' names.
public struct SettingsFile {
    /// Where it is.
    public let path: String
    let entries: [String: (values: [String], line: Int)]

    /// What the file says of a setting, and where; for settings that the caller reads itself.
    public func value(of name: String) -> String? { entries[name]?.values.last }

    /// Reads the file.
    /// - Throws: `ServerError` naming the line: not readable, not YAML, a key that is no setting.
    public init(path: String) throws(ServerError) {
        self.path = path
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ServerError("\(path): cannot be read; check --config and the file's permissions", isUsage: true)
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch {
            throw ServerError("\(path): not YAML: \(Self.oneLine(error))", isUsage: true)
        }
        guard let node else {
            entries = [:]
            return
        }
        guard let mapping = node.mapping else {
            throw ServerError("\(path): must be a list of “setting: value” lines", isUsage: true)
        }
        let known = Set(Setting.all.map(\.name) + [Setting.logLevel.name])
        var entries: [String: (values: [String], line: Int)] = [:]
        for (key, value) in mapping {
            let line = key.mark?.line ?? 0
            let name = key.string ?? ""
            guard known.contains(name) else {
                throw ServerError(
                    "\(path):\(line): “\(name)” is no setting; known: \(known.sorted().joined(separator: ", "))",
                    isUsage: true)
            }
            if let list = value.sequence {
                entries[name] = (list.compactMap(\.scalar?.string), line)
            } else if let scalar = value.scalar?.string {
                entries[name] = ([scalar], line)
            } else {
                throw ServerError("\(path):\(line): \(name) must be a value or a list of values", isUsage: true)
            }
        }
        self.entries = entries
    }

    private static func oneLine(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
