import ErrorCatalogue
import Registry
import Testing

@Suite("Errors about peers, clocks, versions, failover and the way to the process server")
struct PeerFindingTests {
    private func fail(
        _ registry: inout Registry, _ times: Int, _ reason: AttemptReason, node: NodeID? = nil, from start: Instant = t0
    ) {
        for number in 0..<times {
            let at = start + .seconds(30 * number)
            _ = registry.attempted(
                [
                    Attempt(
                        peer: "10.1.2.3:\(5_000 + number)", at: at, progress: .handshaking, end: .closedByServer,
                        reason: reason, detail: "said so", node: node, issuer: "CN=other",
                        validFrom: t0 - .seconds(368 * 86_400), validUntil: t0 - .seconds(3 * 86_400))
                ], at: at)
        }
    }

    @Test("the operator reads who tries, from where, how often, and why it is refused")
    func sentence() throws {
        var registry = Registry.withNodes(3)
        fail(&registry, 3, .certificateExpired, node: id(3))
        let finding = try #require(registry.activeFindings().first)
        #expect(
            finding.title
                == "web-03 tries to connect from 10.1.2.3 each 30 s; its certificate expired on 2026-11-22, 3 days ago")
        #expect(finding.subject == .node(id(3)))
        #expect(finding.evidence.contains { $0.hasNumbers })
        let chinese = try #require(FindingTexts(finding.form, in: .traditionalChinese))
        #expect(chinese.title == "web-03 由 10.1.2.3 約每 30 秒 嘗試連線一次；其憑證已於 2026-11-22 到期，距今 3 天")
        try registry.checkInvariants()

        // It gets in.
        registry.registerAndCommit(registration(3, session: 33), at: t0 + .seconds(100))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test(
        "one whose certificate has expired while its node is here with a newer one is told as a copy: renewed meanwhile"
    )
    func renewed() throws {
        var registry = Registry.fresh()
        var renewed = registration(3)
        renewed.connection.certificateUntil = t0 + .seconds(365 * 86_400)
        registry.registerAndCommit(renewed, at: t0)
        fail(&registry, 3, .certificateExpired, node: id(3))
        #expect(registry.activeCodes == ["certificate-superseded"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.title.hasSuffix("its certificate was replaced by a newer one"))
        try registry.checkInvariants()
    }

    @Test("each reason has its own code for a stranger", arguments: AttemptReason.allCases.filter(\.isFailure))
    func codes(reason: AttemptReason) throws {
        var registry = Registry.fresh()
        fail(&registry, 2, reason)
        #expect(registry.activeCodes.isEmpty)
        fail(&registry, 1, reason, from: t0 + .seconds(60))
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.subject == .peer("10.1.2.3", reason))
        for text in [finding.title, finding.likelyCause] + finding.remedy { #expect(!text.contains("{"), "\(text)") }
        // It stops trying.
        _ = registry.tick(at: t0 + .seconds(120))
        #expect(registry.activeCodes.count == 1)
        _ = registry.tick(at: t0 + .seconds(600))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("a silent machine that is refused is not called off: its absence points to the refusal")
    func refusedNotGone() {
        var registry = Registry.withNodes(3)
        _ = registry.connectionLost(session(1), .reset, lastHeard: t0, at: t0)
        fail(&registry, 4, .certificateExpired, node: id(1))
        _ = registry.tick(at: t0 + .seconds(95))
        #expect(Set(registry[1]?.findings.map(\.form.row) ?? []) == ["78174-refused", "expired"])
    }

    @Test("a clock is warned of from a minute, an error from 15, and cleared when it is right")
    func clock() {
        var registry = Registry.fresh()
        func register(_ skew: Int, at second: Int) {
            var node = registration(1)
            node.sentAt = t0 + .seconds(second + skew)
            registry.registerAndCommit(node, at: t0 + .seconds(second))
        }
        register(30, at: 0)
        #expect(registry.activeCodes.isEmpty)
        register(-90, at: 10)
        #expect(registry.activeFindings().map(\.severity) == [.warning])
        #expect(registry.activeFindings().first?.title == "web-01: its clock is 90 s behind the server's")
        register(1_000, at: 20)
        #expect(registry.activeFindings().map(\.severity) == [.critical])
        register(2, at: 30)
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("four minor releases behind is supported, five is not; a master target is not newer than the server")
    func versions() {
        var settings = RegistrySettings(serverName: "cs-01")
        settings.serverVersion = "9.30.1"
        for (version, role, isWrong) in [
            ("9.26.0", Role.mobilityAgent, false), ("9.25.9", .mobilityAgent, true), ("9.31.0", .mobilityAgent, false),
            ("9.31.0", .masterTarget, true), ("8.99.0", .mobilityAgent, true), ("weird", .mobilityAgent, false),
        ] {
            var registry = Registry.fresh(settings)
            var node = registration(1, role: role)
            node.facts.agentVersion = version
            registry.registerAndCommit(node, at: t0)
            #expect(registry.activeCodes == (isWrong ? ["version-unsupported"] : []), "\(version)")
        }
    }

    @Test("failover: expected, a countdown, then 95226; registering ends it")
    func failover() throws {
        var registry = Registry.withNodes(3)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(45))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.activeCodes == ["78093"])
        let outcome = registry.declareFailover(id(1), at: t0 + .seconds(100))
        #expect(outcome?.reply == .expected(until: t0 + .seconds(1_000)))
        #expect(outcome?.effects.needsCommit == true)
        #expect(registry.activeCodes.isEmpty)
        #expect(registry[1]?.reachability == .expected)
        #expect(registry.failovers().map(\.isOverdue) == [false])
        _ = registry.tick(at: t0 + .seconds(999))
        #expect(registry.activeCodes.isEmpty)
        _ = registry.tick(at: t0 + .seconds(1_000))
        #expect(registry.activeCodes == ["95226"])
        #expect(registry[1]?.health == .critical)
        #expect(registry.failovers().map(\.isOverdue) == [true])
        try registry.checkInvariants()
        registry.registerAndCommit(registration(1, session: 11), at: t0 + .seconds(1_100))
        #expect(registry.activeCodes.isEmpty && registry.failovers().isEmpty)
        try registry.checkInvariants()
    }

    @Test("a node that still answers when failover is declared is expected, not lost, when it goes")
    func plannedFailover() throws {
        var registry = Registry.withNodes(3)
        #expect(registry.declareFailover(id(1), at: t0)?.reply == .stillAnswers(until: t0 + .seconds(900)))
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(45))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry[1]?.reachability == .expected)
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
        _ = registry.cancelFailover(id(1), at: t0 + .seconds(100))
        #expect(registry.activeCodes == ["78093"])
        #expect(registry.declareFailover(id(77), at: t0) == nil)
        try registry.checkInvariants()
    }

    @Test("an agent that cannot reach its process server says so: 78186, by whether that one is heard")
    func dataPath() throws {
        var registry = Registry.withNodes(3)
        registry.registerAndCommit(registration(9, role: .processServer, hostname: "ps-01"), at: t0)
        let path = Registry.DataPath(isOpen: false, processServer: "ps-01", port: 9_443, since: t0)
        _ = registry.dataPathTried(session(1), path, at: t0 + .seconds(10))
        _ = registry.tick(at: t0 + .seconds(25))
        #expect(registry.activeCodes == ["78186"])
        #expect(registry[1]?.findings.first?.form.row == "78186-up")
        #expect(registry[1]?.findings.first?.remedy.first == "on web-01: telnet ps-01 9443 (a blank screen is success)")
        _ = registry.left(session(9), .shutdown, at: t0 + .seconds(26))
        _ = registry.dataPathTried(session(1), path, at: t0 + .seconds(27))
        _ = registry.tick(at: t0 + .seconds(45))
        #expect(registry[1]?.findings.first?.form.row == "78186-silent")
        var open = path
        open.isOpen = true
        _ = registry.dataPathTried(session(1), open, at: t0 + .seconds(50))
        #expect(registry[1]?.findings.isEmpty == true)
        try registry.checkInvariants()
    }

    @Test("a silent process server says how many send through it, and how many of them answer")
    func dependants() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, role: .processServer, hostname: "ps-01"), at: t0)
        for number in 2...9 as ClosedRange<UInt64> {
            var agent = registration(number)
            agent.facts.processServer = "ps-01"
            registry.registerAndCommit(agent, at: t0)
        }
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(45))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.activeCodes == ["806"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.memberCount == 9)
        #expect(
            finding.evidence.last?.text == "8 machines send through it; 8 of them still answer: at risk, not lost")
    }

    @Test("words survive the form in which they are kept and sent")
    func encoding() {
        let words: [Word] = [
            .text("plain"), .text("#5"), .text("§x"), .text(""), .term("state.stopped"), .term("loss.server", "a|b"),
            .count(-3), .duration(.milliseconds(1_500)), .time(t0), .day(t0), .text("=x"),
        ]
        for word in words { #expect(Word(encoded: word.encoded) == word) }
    }
}
