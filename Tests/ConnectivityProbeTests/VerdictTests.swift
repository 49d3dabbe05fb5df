import AgentClient
import EventLoop
import Testing

@testable import ConnectivityProbe

@Suite("Probe verdicts")
struct VerdictTests {
    private static let first = address("192.0.2.7:443")
    private static let second = address("[2001:db8::7]:443")
    private static let third = address("192.0.2.8:443")

    private static func address(_ text: String) -> SocketAddress {
        SocketAddress(parsing: text) ?? SocketAddress(path: text)
    }

    private func report(_ checks: [Check]) -> ProbeReport {
        var report = ProbeReport(target: ServerName(host: "cs.example"))
        report.checks = checks
        for check in checks {
            if let address = check.address, !report.addresses.contains(address) { report.addresses.append(address) }
        }
        return report
    }

    private static let works = [
        Check(.tcp, at: first, .passed, nil, "connected"), Check(.tls, at: first, .passed, nil, "TLSv1.3"),
        Check(.certificate, at: first, .passed, nil, "trusted"), Check(.ping, at: first, .passed, nil, "Rollcall"),
    ]

    @Test func `each symptom has one row`() {
        #expect(
            VerdictTable.rows.map(\.symptom).sorted { $0.rawValue < $1.rawValue }
                == Symptom.allCases.sorted { $0.rawValue < $1.rawValue })
    }

    @Test(arguments: VerdictTable.rows.filter { $0.symptom != .someAddressesFail && $0.symptom != .ipv6Broken })
    func `a row's symptom alone leads to the row, in words that are filled in`(_ row: VerdictRow) {
        let areServers = [.resolverLies, .hostsMismatch, .resolversDisagree].contains(row.symptom)
        let isName = row.reach == 0 || row.symptom == .slowName || areServers
        let state: CheckState = row.grade == .failed ? .failed : .passed
        let check = Check(
            areServers ? .resolvers : isName ? .name : .tcp, at: isName ? nil : Self.first, state, row.symptom,
            "what was seen", took: .zero)
        let verdict = Verdict(on: report(isName && row.grade != .failed ? [check] + Self.works : [check]))
        #expect(verdict.symptom == row.symptom)
        #expect(verdict.grade == row.grade)
        #expect(verdict.evidence.first?.contains("what was seen") == true)
        for text in [verdict.cause, verdict.nextStep] {
            #expect(text.count > 20 && ".?".contains(text.suffix(1)) && !text.contains("{"), "\(text)")
        }
        #expect(!verdict.cause.lowercased().contains("timeout"))
    }

    @Test func `an address that works and one that does not is doubtful, and names the one`() {
        let broken = Check(.tcp, at: Self.third, .failed, .filtered, "no answer at all", took: .seconds(5))
        let verdict = Verdict(on: report([broken] + Self.works))
        #expect(verdict.grade == .doubtful)
        #expect(verdict.symptom == .someAddressesFail)
        #expect(verdict.cause.contains("192.0.2.8"))
        #expect(verdict.evidence.contains { $0.contains("192.0.2.7:443: works") })
    }

    @Test func `IPv6 that is advertised and broken has its own words`() {
        let broken = Check(.tcp, at: Self.second, .failed, .filtered, "no answer at all", took: .seconds(5))
        let verdict = Verdict(on: report([broken] + Self.works))
        #expect(verdict.symptom == .ipv6Broken)
        #expect(verdict.grade == .doubtful)
        #expect(verdict.cause.contains("2001:db8::7"))
    }

    @Test func `a name server that lies explains whatever is found at its address`() {
        let verdict = Verdict(
            on: report([
                Check(.resolvers, .failed, .resolverLies, "192.0.2.53 answers 192.0.2.7 for a name that cannot exist"),
                Check(.tcp, at: Self.first, .failed, .refused, "refused"),
            ]))
        #expect(verdict.symptom == .resolverLies)
        #expect(verdict.grade == .failed)
        #expect(verdict.evidence.contains { $0.contains("refused") })
    }

    @Test func `an address of a family that this machine lacks costs nothing`() {
        let missing = Check(.tcp, at: Self.second, .failed, .noRoute, "no route", took: .zero)
        #expect(Verdict(on: report([missing] + Self.works)).grade == .passed)
    }

    @Test func `of several addresses that fail, the one that gets furthest is the verdict`() {
        let verdict = Verdict(
            on: report([
                Check(.tcp, at: Self.second, .failed, .noRoute, "no route"),
                Check(.tcp, at: Self.first, .failed, .refused, "refused"),
            ]))
        #expect(verdict.symptom == .refused)
        #expect(verdict.evidence.count == 2)
    }

    @Test func `what follows from another is folded under it`() {
        let verdict = Verdict(
            on: report([
                Check(.tcp, at: Self.first, .passed, nil, "connected"),
                Check(.tls, at: Self.first, .failed, .silentAfterConnect, "nothing"),
                Check(.banner, at: Self.first, .failed, .notTLS, "an SSH server, it says “SSH-2.0-x”"),
            ]))
        #expect(verdict.symptom == .notTLS)
        #expect(verdict.cause.contains("SSH-2.0-x"))
        #expect(verdict.evidence.count == 2)
    }

    @Test func `a clock that is far off explains a certificate out of its time`() {
        let verdict = Verdict(
            on: report([
                Check(.tcp, at: Self.first, .passed, nil, "connected"),
                Check(.tls, at: Self.first, .passed, nil, "TLSv1.3"),
                Check(.certificate, at: Self.first, .failed, .expired, "expired 400 days ago"),
                Check(.clock, at: Self.first, .failed, .clockFarOff, "server -400 days"),
            ]))
        #expect(verdict.symptom == .clockFarOff)
        #expect(verdict.evidence.contains { $0.contains("expired 400 days ago") })
    }

    @Test func `what is not known is said, and is no failure`() {
        var checks = Self.works
        checks[2].state = .unknown
        checks[2].detail = "trust unknown (no CA given: --ca FILE)"
        let verdict = Verdict(on: report(checks))
        #expect(verdict.grade == .passed)
        #expect(verdict.evidence.first?.contains("no CA given") == true)
        #expect(verdict.nextStep.contains("--ca FILE"))
    }
}
