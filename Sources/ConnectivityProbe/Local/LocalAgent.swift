internal import AgentClient
internal import ErrorCatalogue
internal import Foundation

/// What runs of Rollcall on this machine, read from /proc and the agent's own settings. Blocks for as long as reading
/// takes; not for a loop.
public struct LocalAgent: Sendable {
    /// Where the agent's unit keeps its settings.
    public static let settingsDefault = "/etc/rollcall/agent.yaml"

    /// Processes that are an agent: their numbers.
    public var processes: [Int32] = []
    /// Whether other people's processes can be seen at all.
    public var seesEverybody = true
    /// The file that its settings come from; nil: there is none.
    public var settingsFile: String?
    /// The server it is configured for; nil: not known.
    public var server: String?
    /// What the machine is for; nil: not known.
    public var role: String?
    /// The services it watches, as configured.
    public var watches: [String] = []
    /// What cannot be read in its settings; nil: nothing.
    public var fault: String?

    /// Nothing is known.
    public init() {}

    /// Looks at the machine whose files lie under `root`.
    public init(root: String) {
        let table = (try? FileManager.default.contentsOfDirectory(atPath: root + "/proc")) ?? []
        var flags = AgentSettings()
        seesEverybody = SmallFile.text(root + "/proc/1/stat") != nil
        let here = Self.network(root, "self")
        for id in table.compactMap({ Int32($0) }).sorted() {
            guard let line = SmallFile.text("\(root)/proc/\(id)/cmdline") else { continue }
            let words = line.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
            // One in a container of its own is another machine.
            guard let found = Self.agent(words), Self.network(root, "\(id)") == here else { continue }
            processes.append(id)
            flags = found.flags
            settingsFile = found.config
        }
        let file = settingsFile ?? Self.settingsDefault
        var settings = flags
        if let text = SmallFile.text(root + file) {
            settingsFile = file
            do { settings = flags.over(try AgentSettingsFile.parse(text, name: file)) } catch { fault = "\(error)" }
        } else if settingsFile != nil {
            fault = "\(file): cannot be read"
        }
        server = settings.server
        role = settings.role
        watches = settings.watch ?? []
    }

    private static func network(_ root: String, _ process: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/proc/\(process)/ns/net")
    }

    /// Whether a command line is an agent's, and what it says.
    static func agent(_ words: [String]) -> (flags: AgentSettings, config: String?)? {
        guard words.count > 1, words[0].split(separator: "/").last == "rollcall", words[1] == "agent" else {
            return nil
        }
        func value(_ flag: String) -> String? {
            for (index, word) in words.enumerated() {
                if word == flag, index + 1 < words.count { return words[index + 1] }
                if word.hasPrefix(flag + "=") { return String(word.dropFirst(flag.count + 1)) }
            }
            return nil
        }
        var flags = AgentSettings()
        flags.server = value("--server")
        flags.role = value("--role")
        return (flags, value("--config"))
    }

    /// The line of the report; nil: this machine has no agent, and is not meant to have one. `errors` are the newest
    /// lines of the agent's log that are warnings or worse.
    public func check(target: String, errors: [String]) -> Check? {
        guard !processes.isEmpty || settingsFile != nil else { return nil }
        let numbers = processes.map(String.init).joined(separator: ", ")
        var words = [
            processes.isEmpty
                ? Phrase("no agent runs", "沒有代理程式在執行")
                : Phrase("an agent runs (process \(numbers))", "代理程式執行中（處理序 \(numbers)）")
        ]
        let dialled = server.flatMap { try? ServerName(parsing: $0) }
        let meant = try? ServerName(parsing: target)
        if let server { words.append(Phrase("it is configured for \(server)", "設定的伺服器是 \(server)")) }
        if !watches.isEmpty {
            let names = watches.joined(separator: ", ")
            words.append(Phrase("watches \(names)", "監看 \(names)"))
        }
        if let fault { words.append(Phrase("its settings are at fault: \(fault)", "設定有誤：\(fault)")) }
        let lines = errors.map { "“\($0)”" }.joined(separator: ", ")
        let log = errors.isEmpty ? Phrase.nothing : Phrase("; its last words: \(lines)", "；最近的訊息：\(lines)")
        let text = words.joined() + log
        // Only settings that stay are this machine's own; an agent that somebody started by hand may dial anywhere.
        if settingsFile != nil, let dialled, let meant, dialled != meant {
            return Check(.local, .passed, .agentElsewhere, text)
        }
        if processes.isEmpty {
            return seesEverybody
                ? Check(.local, .passed, .agentStopped, text)
                : Check(
                    .local, .unknown, nil,
                    text + Phrase("; other people's processes cannot be seen from here", "；從此處看不到其他人的處理序"))
        }
        return Check(.local, .passed, nil, text)
    }
}
