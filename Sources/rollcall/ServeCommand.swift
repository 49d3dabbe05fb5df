import ArgumentParser
import ConfigurationServer
import Foundation
import Logging

/// `rollcall serve`: the configuration server. What each flag means stands once, in the table `Setting.all`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the configuration server, until it is stopped.",
        discussion: """
            Each setting may also stand in the environment (ROLLCALL_ and the flag's name in capitals, with _ for -) or, \
            under the flag's name, in a YAML file. A flag wins over a variable, that over the file, that over the \
            default. SIGTERM stops the server in order: agents are asked to come back, the registry is closed.

            Durations are written 500ms, 30s, 15m, 2h; sizes 64KiB, 4MiB.

            A first start:
              rollcall pki init --data /var/lib/rollcall --fleet main --host cs.example.com
              rollcall serve
            """)

    @Option(name: .long, help: "A YAML file with settings. (default: $ROLLCALL_CONFIG, then none)")
    var config: String?

    @Option(name: .long, help: ServeCommand.help("data"))
    var data: String?

    @Option(name: .long, help: ServeCommand.help("listen"))
    var listen: [String] = []

    @Option(name: .long, help: ServeCommand.help("loops"))
    var loops: String?

    @Option(name: .long, help: ServeCommand.help("hostname"))
    var hostname: String?

    @Option(name: .long, help: ServeCommand.help("certificate"))
    var certificate: String?

    @Option(name: .long, help: ServeCommand.help("key"))
    var key: String?

    @Option(name: .long, help: ServeCommand.help("ca"))
    var ca: String?

    @Option(name: .long, help: ServeCommand.help("passphrase-verifier"))
    var passphraseVerifier: String?

    @Option(name: .long, help: ServeCommand.help("ca-key"))
    var caKey: String?

    @Option(name: .long, help: ServeCommand.help("tls-records"))
    var tlsRecords: String?

    @Option(name: .long, help: ServeCommand.help("heartbeat-interval"))
    var heartbeatInterval: String?

    @Option(name: .long, help: ServeCommand.help("suspect-after"))
    var suspectAfter: String?

    @Option(name: .long, help: ServeCommand.help("suspect-after-min"))
    var suspectAfterMin: String?

    @Option(name: .long, help: ServeCommand.help("suspicion-margin"))
    var suspicionMargin: String?

    @Option(name: .long, help: ServeCommand.help("ask-suspects"))
    var askSuspects: String?

    @Option(name: .long, help: ServeCommand.help("asks-per-second"))
    var asksPerSecond: String?

    @Option(name: .long, help: ServeCommand.help("unreachable-after"))
    var unreachableAfter: String?

    @Option(name: .long, help: ServeCommand.help("flapping-count"))
    var flappingCount: String?

    @Option(name: .long, help: ServeCommand.help("flapping-window"))
    var flappingWindow: String?

    @Option(name: .long, help: ServeCommand.help("flapping-quiet"))
    var flappingQuiet: String?

    @Option(name: .long, help: ServeCommand.help("homecoming"))
    var homecoming: String?

    @Option(name: .long, help: ServeCommand.help("last-seen-save-interval"))
    var lastSeenSaveInterval: String?

    @Option(name: .long, help: ServeCommand.help("handshake-timeout"))
    var handshakeTimeout: String?

    @Option(name: .long, help: ServeCommand.help("first-message-timeout"))
    var firstMessageTimeout: String?

    @Option(name: .long, help: ServeCommand.help("idle-timeout"))
    var idleTimeout: String?

    @Option(name: .long, help: ServeCommand.help("operator-idle-timeout"))
    var operatorIdleTimeout: String?

    @Option(name: .long, help: ServeCommand.help("max-connections"))
    var maxConnections: String?

    @Option(name: .long, help: ServeCommand.help("max-unauthenticated"))
    var maxUnauthenticated: String?

    @Option(name: .long, help: ServeCommand.help("pending-output-limit"))
    var pendingOutputLimit: String?

    @Option(name: .long, help: ServeCommand.help("come-back-after"))
    var comeBackAfter: String?

    @Option(name: .long, help: ServeCommand.help("drain-for"))
    var drainFor: String?

    @Option(name: .long, help: ServeCommand.help("admissions-per-second"))
    var admissionsPerSecond: String?

    @Option(name: .long, help: ServeCommand.help("resume-within"))
    var resumeWithin: String?

    @Option(name: .long, help: ServeCommand.help("gather-arrivals"))
    var gatherArrivals: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        do {
            let environment = ProcessInfo.processInfo.environment
            let path = config ?? GlobalOptions.variable("CONFIG")
            let settings = try SettingsReader.read(
                flags: flags, environment: environment, file: path,
                processors: ProcessInfo.processInfo.activeProcessorCount, hostname: ProcessInfo.processInfo.hostName)
            try global.startLogging(fileLevel: try fileLevel(path))
            try ConfigurationServer(settings: settings, log: Logger(label: "serve")).run()
        } catch let error as ServerError {
            throw error.isUsage ? ValidationError(error.description) : CommandFailure(error.description)
        }
    }

    private func fileLevel(_ path: String?) throws -> Logger.Level? {
        guard let path, let text = try SettingsFile(path: path).value(of: Setting.logLevel.name) else { return nil }
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError("\(path): log-level: “\(text)” is none; use one of \(Setting.logLevel.meaning)")
        }
        return level
    }

    /// What was typed, by setting.
    private var flags: [String: [String]] {
        let single: [(String, String?)] = [
            ("data", data),
            ("loops", loops),
            ("hostname", hostname),
            ("certificate", certificate),
            ("key", key),
            ("ca", ca),
            ("passphrase-verifier", passphraseVerifier), ("ca-key", caKey),
            ("tls-records", tlsRecords),
            ("heartbeat-interval", heartbeatInterval),
            ("suspect-after", suspectAfter), ("suspect-after-min", suspectAfterMin),
            ("suspicion-margin", suspicionMargin), ("ask-suspects", askSuspects), ("asks-per-second", asksPerSecond),
            ("unreachable-after", unreachableAfter),
            ("flapping-count", flappingCount), ("flapping-window", flappingWindow), ("flapping-quiet", flappingQuiet),
            ("homecoming", homecoming),
            ("last-seen-save-interval", lastSeenSaveInterval),
            ("handshake-timeout", handshakeTimeout),
            ("first-message-timeout", firstMessageTimeout),
            ("idle-timeout", idleTimeout),
            ("operator-idle-timeout", operatorIdleTimeout),
            ("max-connections", maxConnections),
            ("max-unauthenticated", maxUnauthenticated),
            ("pending-output-limit", pendingOutputLimit),
            ("come-back-after", comeBackAfter),
            ("drain-for", drainFor),
            ("admissions-per-second", admissionsPerSecond),
            ("resume-within", resumeWithin),
            ("gather-arrivals", gatherArrivals),
        ]
        var flags = ["listen": listen]
        for case (let name, let value?) in single { flags[name] = [value] }
        return flags
    }

    private static func help(_ name: String) -> ArgumentHelp {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            return ArgumentHelp(stringLiteral: name)
        }
        return ArgumentHelp(
            "\(setting.meaning) (default: \(setting.standard))", valueName: setting.kind.lowercased())
    }
}
