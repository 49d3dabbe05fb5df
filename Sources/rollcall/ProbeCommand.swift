import AgentClient
import ArgumentParser
import ConnectivityProbe
import Dashboard
import EventLoop
import Foundation
import SecureTransport

/// `rollcall probe`: finds out why a path is broken.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Tries the path to a configuration server step by step, and says what is wrong and what to do.",
        discussion: """
            Works against anything that listens. Every address of the name is tried. Ends with 0 if all is well, 1 if \
            something is slow or doubtful, 2 if it does not work. See docs/probe.md for every verdict.
            """)

    @Argument(help: ArgumentHelp("Where to. (port: 443)", valueName: "host[:port]"))
    var server: String

    @Option(
        name: .long, help: "Directory with identity.pem, identity.key and ca.pem: shows the identity, trusts the CA.")
    var identity: String?

    @Option(name: .long, help: "The fleet's CA certificate, PEM: says whether the server is the fleet's.")
    var ca: String?

    @Flag(name: .customShort("4"), help: "IPv4 addresses only.")
    var onlyIPv4 = false

    @Flag(name: .customShort("6"), help: "IPv6 addresses only.")
    var onlyIPv6 = false

    @Option(name: .long, help: "The longest that any one step may take. (default: 5s, each step its own)")
    var timeout: Duration?

    @Flag(name: .long, help: "Print one JSON document instead of text.")
    var json = false

    func validate() throws {
        if onlyIPv4, onlyIPv6 {
            throw ValidationError("-4 and -6 exclude each other: leave both out to try every address.")
        }
        if let timeout, timeout < .milliseconds(10) || timeout > .seconds(600) {
            throw ValidationError("--timeout is \(timeout.text): it can be 10ms to 10m.")
        }
    }

    func run() throws {
        do {
            let settings = try settings()
            let loop = try EventLoop()
            let runner = ProbeRunner(settings, on: loop) { Self.now }
            let page = ProbePage(target: settings.target)
            if !json { page.begin() }
            var report: ProbeReport?
            runner.start(
                onCheck: { if !json { page.show($0) } },
                onEnd: {
                    report = $0
                    loop.stop()
                })
            loop.run()
            guard let report else { throw CommandFailure("the probe ended without a report", status: .init(2)) }
            let verdict = Verdict(on: report)
            if json {
                print(ProbeDocument.json(report, verdict).pretty)
            } else {
                page.end(report, verdict)
            }
            fflush(nil)
            // A resolver that was given up may still hold a thread: waiting for it would be waiting in vain.
            Foundation.exit(verdict.grade.exitCode.rawValue)
        } catch let error as ClientError {
            if case .badServerName = error { throw ValidationError("\(error)") }
            throw CommandFailure("\(error)", status: ExitStatus.usage)
        } catch let error as TLSError {
            throw CommandFailure("\(error)", status: ExitStatus.usage)
        } catch let error as LoopError {
            throw CommandFailure("\(error)", status: ExitStatus.critical)
        }
    }

    private static var now: Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }

    private func settings() throws -> ProbeSettings {
        var settings = ProbeSettings(target: try ServerName(parsing: server))
        settings.family = onlyIPv4 ? .ipv4 : onlyIPv6 ? .ipv6 : nil
        if let timeout { settings.limits.limitEachStep(to: timeout) }
        let own = try identity.map { try ClientCredentials(identityDirectory: $0) }
        if let ca {
            guard let bytes = FileManager.default.contents(atPath: ca) else {
                throw ValidationError("\(ca): cannot be read. Check the name and who may read it.")
            }
            let trust = TLSContext.Trust.authorities(pem: String(decoding: bytes, as: UTF8.self), source: ca)
            settings.credentials = .init(
                context: try TLSContext.client(servers: trust), authoritySource: ca, identity: own?.identity)
        } else if let own, let identity {
            settings.credentials = .init(
                context: own.context, authoritySource: identity + "/ca.pem", identity: own.identity)
        }
        return settings
    }
}

extension Grade {
    /// What the process ends with.
    var exitCode: ExitCode {
        switch self {
        case .passed: ExitStatus.healthy
        case .doubtful: ExitStatus.warning
        case .failed: ExitStatus.critical
        }
    }
}
