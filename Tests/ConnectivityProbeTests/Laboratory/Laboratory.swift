import Foundation
import TestSupport

/// Carries rows out, a few at a time, and keeps what came of them.
enum Laboratory {
    /// What the probe said of one row.
    struct Finding: Sendable {
        var output = ""
        var complaint = ""
        var status: Int32 = -1
        /// From the probe's own report.
        var duration = Duration.zero
        var symptom: String?
        var details: [String] = []
    }

    /// Rows at a time: they mostly wait.
    private static let atOnceMax = 6

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path

    /// Whether this machine lets namespaces and rules be made: root, ip, nft, ss.
    static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let trial = """
            n=rl$$-try; ip netns add $n || exit 1
            ip netns exec $n nft list ruleset && command -v ss python3 openssl; s=$?; ip netns del $n; exit $s
            """
        return (try? RunningProcess("/bin/bash", ["-c", trial]).waitForEnd().status) == 0
    }()

    /// Whether all rows are wanted: `make laboratory`.
    static let isComplete = ProcessInfo.processInfo.environment["ROLLCALL_LABORATORY"] == "all"

    /// The rows that run here and now.
    static let rows = LaboratoryRows.all.filter { isComplete || $0.isQuick }

    /// What is not on this machine of what a row needs.
    static func missing(_ row: LaboratoryRow) -> [String] {
        row.needs.filter { tool in
            !["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"].contains {
                FileManager.default.isExecutableFile(atPath: $0 + tool)
            }
        }
    }

    /// The findings of all rows, in their order: begun when the first test asks.
    static let findings: Task<[String: Finding], any Error> = Task {
        let fleet = try Fleet()
        return try await withThrowingTaskGroup(of: (String, Finding).self) { group in
            var findings: [String: Finding] = [:]
            var waiting = rows.filter { missing($0).isEmpty }[...]
            func next() {
                guard let row = waiting.popFirst() else { return }
                group.addTask { (row.testDescription, try await fleet.try(row)) }
            }
            for _ in 0..<atOnceMax { next() }
            while let (name, finding) = try await group.next() {
                findings[name] = finding
                next()
            }
            return findings
        }
    }

    /// One fleet's certificates for all rows.
    struct Fleet: Sendable {
        let directory: TestDirectory

        init() throws {
            directory = try TestDirectory()
            let data = directory.path("data")
            for words in [
                ["pki", "init", "--data", data, "--fleet", "lab", "--host", "10.77.2.2", "--host", "lab.example"],
                ["pki", "node", "--data", data, "--out", directory.path("node")],
            ] {
                let made = try RollcallBinary.run(words)
                guard made.status == 0 else { throw NotMade(words: words, outcome: made) }
            }
        }

        func `try`(_ row: LaboratoryRow) async throws -> Finding {
            let script = """
                source "$LABORATORY/laboratory.sh"
                \(row.breaking)
                probe \(row.probing) --json
                """
            let process = try RunningProcess(
                "/bin/bash", ["-c", script],
                environment: [
                    "LABORATORY": Laboratory.folder, "ROLLCALL": RollcallBinary.path, "PKI": directory.path("data"),
                    "IDENTITY": directory.path("node"),
                ])
            guard let outcome = try await process.end(within: .seconds(90)) else {
                process.send(signal: SIGTERM)
                return Finding(output: process.output, complaint: "it does not end: \(process.complaint)")
            }
            return Finding(outcome)
        }
    }

    struct NotMade: Error {
        var words: [String]
        var outcome: RollcallBinary.Outcome
    }
}

extension Laboratory.Finding {
    init(_ outcome: RollcallBinary.Outcome) {
        (output, complaint, status) = (outcome.output, outcome.complaint, outcome.status)
        guard let report = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else { return }
        duration = .milliseconds(Int64(report["duration_ms"] as? Double ?? 0))
        let verdict = report["verdict"] as? [String: Any]
        symptom = verdict?["symptom"] as? String
        let checks = report["checks"] as? [[String: Any]] ?? []
        details =
            checks.compactMap { $0["detail"] as? String } + [verdict?["cause"] as? String ?? ""]
            + (verdict?["evidence"] as? [String] ?? [])
    }
}

extension RunningProcess {
    /// Waits for its end without holding up a thread; nil if it does not come.
    func end(within limit: Duration) async throws -> RollcallBinary.Outcome? {
        guard try await poll(within: limit, { !self.isRunning }) else { return nil }
        return waitForEnd()
    }
}
