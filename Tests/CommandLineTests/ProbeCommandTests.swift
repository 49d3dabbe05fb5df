import AgentClient
import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import EventLoop
import Foundation
import TestSupport
import Testing

@testable import rollcall

@Suite("rollcall probe")
struct ProbeCommandTests {
    private func failure(_ words: [String]) -> (status: Int32, line: String) {
        do {
            var command = try Rollcall.parseAsRoot(words)
            try command.run()
            return (0, "")
        } catch {
            return (ExitStatus.code(for: error).rawValue, ExitStatus.line(for: error))
        }
    }

    @Test(arguments: [
        (["probe"], "host[:port]"),
        (["probe", "a b"], "'a b' is not a server"),
        (["probe", "x:0"], "'0' is not a port from 1 to 65535"),
        (["probe", "x", "-4", "-6"], "-4 and -6 exclude each other"),
        (["probe", "x", "--timeout", "5"], "'5' is invalid"),
        (["probe", "x", "--count", "3"], "--count goes with --watch"),
        (["probe", "x", "--watch", "--count", "0"], "it must be 1 or more"),
        (["probe", "x", "--idle-max", "5s"], "--idle-max goes with --idle-test"),
        (["probe", "x", "--watch", "--matrix"], "exclude each other"),
        (["probe", "x", "--role", "agent"], "go with --matrix"),
        (["probe", "x", "--matrix", "--role", "king"], "'king': use agent"),
        (["probe", "x", "--matrix", "--master-target", "mt"], "mt:PORT"),
        (["probe", "x", "--cert", "a.pem"], "--cert and --key belong together"),
        (["probe", "x", "--source", "here"], "write an address of this machine"),
        (["probe", "x", "--node", "web"], "leave x out"),
        (["probe", "x", "--timeout", "1ms"], "--timeout is 1ms: it can be 10ms to 10m"),
        (["probe", "x", "--ca", "/no/such/file"], "/no/such/file: cannot be read"),
        (["probe", "x", "--identity", "/no/such/directory"], "/no/such/directory/identity.pem: there is no such file"),
    ])
    func `wrong usage is one line and status 64, never the 1 of a doubtful path`(
        _ words: [String], _ message: String
    ) {
        let (status, line) = failure(words)
        #expect(status == 64)
        #expect(line.contains(message), "\(line)")
        #expect(!line.contains("\n"))
    }

    @Test func `a file that holds no certificate is named`() throws {
        let directory = try TestDirectory()
        try Data("no".utf8).write(to: directory.url.appending(path: "ca.pem"))
        let (status, line) = failure(["probe", "x", "--ca", directory.path("ca.pem")])
        #expect(status == 64)
        #expect(line.contains(directory.path("ca.pem")) && line.contains("no certificate"), "\(line)")
    }

    @Test func `grades are exit codes`() {
        #expect(Grade.allCases.map(\.exitCode.rawValue) == [0, 1, 2])
    }

    // MARK: what is shown

    private func refused() throws -> ProbeReport {
        let address = try #require(SocketAddress(parsing: "192.0.2.7:443"))
        var report = ProbeReport(
            target: ServerName(host: "cs.example"), startedUnixMilliseconds: 1_795_615_331_123)
        report.took = .milliseconds(13)
        report.addresses = [address]
        report.checks = [
            Check(.name, .passed, nil, Phrase("192.0.2.7", "192.0.2.7"), took: .milliseconds(12)),
            Check(
                .tcp, at: address, .failed, .refused, Phrase("refused: \u{1B}[2J", "遭拒：\u{1B}[2J"),
                took: .microseconds(230)),
        ]
        return report
    }

    @Test func `a report is lines, a verdict, its evidence and the next step`() throws {
        let report = try refused()
        var lines: [String] = []
        let page = ProbePage(target: report.target, palette: .plain) { lines.append($0) }
        page.begin()
        report.checks.forEach(page.show)
        page.end(report, Verdict(on: report))
        #expect(
            lines.prefix(5) == [
                "Probing cs.example:443",
                "  ok   12.0 ms  name           192.0.2.7",
                "  FAIL  230 µs  TCP connect    192.0.2.7:443  refused: \\x1b[2J",
                "",
                "Verdict: failed (refused), after 13.0 ms",
            ])
        #expect(lines[5].hasPrefix("  The machine at 192.0.2.7 answers, but nobody listens on port 443"))
        #expect(lines[6].hasPrefix("  Evidence: 192.0.2.7:443 TCP connect: refused"))
        #expect(lines[7].hasPrefix("  Next: On 192.0.2.7: is the server running"))
        #expect(lines.count == 8)
    }

    @Test func `the same report in Traditional Chinese has no English word of ours left`() throws {
        let report = try refused()
        var lines: [String] = []
        let page = ProbePage(target: report.target, language: .traditionalChinese, palette: .plain) { lines.append($0) }
        page.begin()
        report.checks.forEach(page.show)
        page.end(report, Verdict(on: report, in: .traditionalChinese))
        page.explain(FieldChain(on: report))
        let text = lines.joined(separator: "\n")
        #expect(lines[0] == "探測 cs.example:443")
        #expect(text.contains("TCP 連線") && text.contains("依據: 192.0.2.7:443 TCP 連線：遭拒"))
        for word in [
            "Probing", "name ", "TCP connect", "Evidence", "Next", "FAIL", "ok", "What other tools", "refused:",
        ] {
            #expect(!text.contains(word), "\(text)")
        }
        let document = ProbeDocument.json(report, Verdict(on: report), in: .traditionalChinese).compact
        #expect(document.contains(#""detail":"遭拒："#) && document.contains(#""check":"tcp""#))
    }

    @Test func `a node with several addresses is one document`() throws {
        let report = try refused()
        let verdict = Verdict(on: report)
        let text = ProbeDocument.json(
            node: "web-03", port: 9443, [(report, verdict), (report, verdict)], .failed, explained: false, in: .english
        ).compact
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "one document, not two")
        #expect(document["node"] as? String == "web-03" && document["grade"] as? String == "failed")
        #expect((document["probes"] as? [Any])?.count == 2)
    }

    @Test func `JSON has its names and shows what is not known as null`() throws {
        let report = try refused()
        let text = ProbeDocument.json(report, Verdict(on: report)).compact
        #expect(
            text.contains(#""host":"cs.example","port":443,"started_at":"2026-11-25T14:02:11.123Z","duration_ms":13"#))
        #expect(text.contains(#""verdict":{"grade":"failed","symptom":"refused","cause":""#))
        #expect(text.contains(#"{"check":"name","address":null,"state":"passed","symptom":null,"#))
        #expect(text.contains(#""detail":"refused: \u001b[2J","duration_ms":0.23}"#), "\(text)")
        #expect(text.contains(#""tls":[],"servers":[],"paths":[],"connects_but_unreachable":false,"explained":null}"#))
    }
}
