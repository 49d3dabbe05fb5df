import AgentClient
import ArgumentParser
import Foundation
import Logging

/// `rollcall agent`: the agent of a Linux machine.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Reports this machine and its services to the configuration server, until it is stopped.",
        discussion: """
            Each setting may also stand in the environment (ROLLCALL_SERVER, ROLLCALL_WATCH with ';' between services) \
            or, under the flag's name, in a YAML file. A flag wins over a variable, that over the file. The identity is \
            made on the server (rollcall pki node), or here by the fleet's passphrase (--enroll).
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration server. (port: 443)", valueName: "host[:port]"))
    var server: String?

    @Option(
        name: .long,
        help: "Directory with identity.pem, identity.key and ca.pem. (default: \(AgentPlan.identityDefault))")
    var identity: String?

    @Option(name: .long, help: "What the machine is for: agent, process-server, master-target. (default: agent)")
    var role: String?

    @Option(
        name: .long,
        help: """
            A further component this process speaks for: mobility-agent, scout-application-service, process-server. \
            May be repeated.
            """)
    var component: [String] = []

    @Option(name: .long, help: "The site the machine stands in. (default: default)")
    var site: String?

    @Option(name: .long, help: "Host name or id of the process server it sends its data to.")
    var processServer: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The process server's data port, which is tested. (default: \(DataPathTarget.portDefault))",
            valueName: "port"))
    var processServerPort: String?

    @Option(
        name: .long,
        help:
            "How often that port is tested; 0s: never. (default: \(DataPathTarget.intervalDefault.defaultValueDescription))"
    )
    var processServerCheck: Duration?

    @Option(
        name: .long,
        help: ArgumentHelp("A service to watch: \(WatchSpec.forms). May be repeated.", valueName: "spec"))
    var watch: [String] = []

    @Option(
        name: .long,
        help: """
            How often services are looked at. (default: \(AgentPlan.watchIntervalDefault.defaultValueDescription), or \
            half the heartbeat interval if that is shorter)
            """)
    var watchInterval: Duration?

    @Option(name: .long, help: "The name the machine is known by. (default: its own)")
    var hostname: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What its hardware is called; none: nothing, where several agents share one. (default: its firmware's UUID)",
            valueName: "name"))
    var hardwareId: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            Run no agent; announce why the one that runs will stop within 15 minutes: \
            \(Goodbye.reasons.map(\.name).joined(separator: ", ")). For a package's prerm.
            """, valueName: "reason"))
    var goodbye: String?

    @Option(name: .long, help: "A YAML file with settings. (default: $ROLLCALL_CONFIG, then none)")
    var config: String?

    @OptionGroup var enrolment: EnrolmentOptions

    @OptionGroup var global: GlobalOptions

    func run() throws {
        do {
            let settings = flags.over(try AgentSettings(environment: ProcessInfo.processInfo.environment))
                .over(try fileSettings())
            if let goodbye {
                return try Goodbye(identity: settings.identity ?? AgentPlan.identityDefault).announce(goodbye)
            }
            let plan = try AgentPlan(settings)
            let level = try level(settings.logLevel)
            // An identity that cannot be used is told in one line, before there is a log.
            let agent = enrolment.enroll ? nil : try HostAgent(plan, version: GlobalOptions.version)
            try global.startLogging(fileLevel: level)
            let logger = Logger(label: "agent")
            try enrolment.run(for: plan, logger: logger)
            try (agent ?? HostAgent(plan, version: GlobalOptions.version)).run(logger: logger)
        } catch let error as AgentSettingsError {
            throw ValidationError("\(error)")
        } catch let error as ClientError {
            throw CommandFailure("\(error)")
        }
    }

    private var flags: AgentSettings {
        var flags = AgentSettings()
        flags.server = server
        flags.identity = identity
        flags.role = role
        flags.components = component.isEmpty ? nil : component
        flags.site = site
        flags.processServer = processServer
        flags.processServerPort = processServerPort
        flags.processServerCheck = processServerCheck
        flags.hostname = hostname
        flags.hardwareID = hardwareId
        flags.watch = watch.isEmpty ? nil : watch
        flags.watchInterval = watchInterval
        return flags
    }

    private func fileSettings() throws -> AgentSettings {
        guard let path = config ?? GlobalOptions.variable("CONFIG") else { return AgentSettings() }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path): cannot be read. Check the name and who may read it.")
        }
        return try AgentSettingsFile.parse(String(decoding: bytes, as: UTF8.self), name: path)
    }

    private func level(_ text: String?) throws -> Logger.Level? {
        guard let text else { return nil }
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError(
                "log-level is '\(text)'. Use one of: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return level
    }
}
