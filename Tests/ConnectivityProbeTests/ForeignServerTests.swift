import Foundation
import TestSupport
import Testing

@testable import ConnectivityProbe

/// A TLS server that is not ours: `openssl s_server` with a certificate of its own making.
private final class ForeignServer {
    static let openssl = "/usr/bin/openssl"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    let port: UInt16
    private let process = Process()
    private let input = Pipe()
    private let directory: TestDirectory

    init(_ arguments: [String], connections: Int, _ runner: LoopRunner) throws {
        directory = try TestDirectory()
        let making = Process()
        making.executableURL = URL(filePath: Self.openssl)
        making.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
            "/CN=inspector.example", "-keyout", directory.path("key.pem"), "-out", directory.path("cert.pem"),
        ]
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
        guard making.terminationStatus == 0 else { throw NoReport() }

        // What it says goes to a file, which can be looked at without waiting.
        let log = directory.path("log")
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments =
            [
                "s_server", "-accept", "127.0.0.1:0", "-naccept", "\(connections)", "-cert", directory.path("cert.pem"),
                "-key",
                directory.path("key.pem"),
            ] + arguments
        // It ends by itself after so many connections; its input stays open until then.
        process.standardInput = input
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        var found: UInt16?
        _ = runner.run {
            let said = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
            found = said.firstMatch(of: /ACCEPT .*:(\d+)\n/).flatMap { UInt16($0.1) }
            return found != nil
        }
        guard let found else { throw NoReport() }
        port = found
    }

    /// Not asked politely: a child of this process may have inherited a mask that blocks SIGTERM.
    deinit { kill(process.processIdentifier, SIGKILL) }
}

@Suite("Probe of a foreign TLS server", .enabled(if: ForeignServer.isInstalled, "openssl is not installed"))
struct ForeignServerTests {
    private let runner: LoopRunner
    private let fleet: Fleet

    init() throws {
        runner = try LoopRunner()
        fleet = try Fleet()
    }

    @Test func `TLS without ALPN is not Rollcall, and its chain is shown as foreign`() throws {
        let server = try ForeignServer([], connections: 2, runner)
        let outcome = try runner.probe(port: server.port, try fleet.credentials())
        #expect(outcome.verdict.symptom == .notRollcall, "\(outcome.report.checks)")
        #expect(outcome.check(.certificate)?.symptom == .foreignIssuer)
        #expect(outcome.report.tls.first?.chain.first?.subject.contains("inspector.example") == true)
        #expect(outcome.report.tls.first?.trust == .failed)
    }

    @Test func `TLS for the web is not Rollcall`() throws {
        let server = try ForeignServer(["-alpn", "http/1.1"], connections: 1, runner)
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.verdict.symptom == .notRollcall)
        #expect(outcome.check(.ping)?.detail.english.contains("http/1.1") == true)
    }

    @Test func `TLS older than 1.2 is named`() throws {
        let server = try ForeignServer(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], connections: 2, runner)
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.verdict.symptom == .oldTLS, "\(outcome.report.checks)")
    }

    @Test func `a server that insists on a certificate of its own kind shows its alert`() throws {
        let server = try ForeignServer(["-tls1_2", "-Verify", "1"], connections: 2, runner)
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.verdict.symptom == .alert, "\(outcome.report.checks)")
    }
}
