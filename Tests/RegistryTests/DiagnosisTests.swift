import ErrorCatalogue
import Registry
import Testing

@Suite("Diagnosis of silence")
struct DiagnosisTests {
    /// Lets a node fall silent on its open connection and be judged; its neighbours go on.
    private func loseBySilence(_ number: UInt64, in registry: inout Registry) {
        _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        _ = registry.tick(at: t0 + .seconds(90))
    }

    @Test("a process server is 806, a master target 78022, a machine 78093 or 95226a, by how it went")
    func codes() throws {
        var registry = Registry.withNodes(4)
        registry.registerAndCommit(registration(5, role: .processServer), at: t0)
        registry.registerAndCommit(registration(6, role: .masterTarget), at: t0)
        for number in [1, 5, 6] as [UInt64] { loseBySilence(number, in: &registry) }
        for (number, loss) in [(2, .reset), (3, .closedWithoutGoodbye)] as [(UInt64, ConnectionLoss)] {
            _ = registry.connectionLost(session(number), loss, lastHeard: t0, at: t0 + .seconds(60))
        }
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.activeCodes == ["806", "78022", "78093", "95226a", "95226a"])
        #expect(registry[5]?.findings.first?.likelyCause == "web-05 is off, hung or off the network")
        #expect(
            registry[2]?.findings.first?.likelyCause
                == "the agent on web-02 stopped, or the machine restarts: its kernel still answered when the "
                + "connection was reset by its machine")
        #expect(
            registry[2]?.findings.first?.evidence.map(\.text) == [
                "last heard at 14:00:00 UTC, 90 s ago; a heartbeat was due each 30 s",
                "its connection from 10.1.0.3:5000 was reset by its machine",
                "of 6 nodes of site east, 1 answer",
                "the server looked at itself first: for 90 s its loops turned in time, and its clock was not set",
            ])
        try registry.checkInvariants()
    }

    @Test("agents of a silent process server that still reach the server raise nothing")
    func dependants() {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, role: .processServer), at: t0)
        for number in 2...9 as ClosedRange<UInt64> {
            var agent = registration(number)
            agent.facts.processServer = "web-01"
            registry.registerAndCommit(agent, at: t0)
        }
        loseBySilence(1, in: &registry)
        #expect(registry.activeCodes == ["806"])
    }

    @Test("a site that falls silent together is one error, which follows its members, and the last one clears it")
    func lostSite() throws {
        var registry = Registry.withNodes(5)
        registry.registerAndCommit(registration(9, site: "west"), at: t0)
        for number in 1...5 as ClosedRange<UInt64> {
            _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        }
        _ = registry.tick(at: t0 + .seconds(90))
        _ = registry.tick(at: t0 + .seconds(110))
        #expect(registry.activeCodes == ["95226a"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.subject == .site("east"))
        #expect(finding.memberCount == 5)
        #expect(finding.members == ["web-01", "web-02", "web-03", "web-04", "web-05"])
        #expect(finding.title == "site east: no contact with 5 of 5 machines since 14:00:00 UTC")
        #expect(finding.likelyCause.contains("site-to-site VPN"))
        #expect(registry[1]?.health == .critical)
        try registry.checkInvariants()

        _ = registry.heardAgain(session(2), at: t0 + .seconds(120))
        _ = registry.tick(at: t0 + .seconds(140))
        #expect(registry.activeFindings().first?.memberCount == 4)
        #expect(registry.activeFindings().first?.id == finding.id)
        for number in [1, 3, 4] as [UInt64] { _ = registry.heardAgain(session(number), at: t0 + .seconds(150)) }
        #expect(registry.activeCodes == ["95226a"])
        _ = registry.heardAgain(session(5), at: t0 + .seconds(151))
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
    }

    @Test("who is still missing when the others are back is told by itself, with its own cause")
    func leftBehind() throws {
        var registry = Registry.withNodes(5)
        for number in 1...5 as ClosedRange<UInt64> {
            _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        }
        _ = registry.tick(at: t0 + .seconds(90))
        for number in 1...4 as ClosedRange<UInt64> { _ = registry.heardAgain(session(number), at: t0 + .seconds(100)) }
        for second in stride(from: 100, to: 500, by: 10) { _ = registry.tick(at: t0 + .seconds(second)) }
        #expect(registry.activeCodes == ["78093"])
        #expect(registry.activeFindings().first?.subject == .node(id(5)))
        try registry.checkInvariants()
    }

    @Test("two machines of one site that went at different times are two causes")
    func notTogether() {
        var registry = Registry.withNodes(2)
        loseBySilence(1, in: &registry)
        _ = registry.silent(session(2), since: t0 + .seconds(7_200), at: t0 + .seconds(7_245))
        _ = registry.tick(at: t0 + .seconds(7_290))
        #expect(registry.activeCodes == ["78093", "78093"])
    }

    @Test("what many share is found and named: process server, server address, shared address, version, issuer")
    func sharedFactors() throws {
        for (factor, code) in [
            (FactorKind.processServer, "common-cause"), (.serverAddress, "common-cause"),
            (.natAddress, "common-cause"), (.agentVersion, "common-cause"), (.certificateIssuer, "common-cause"),
        ] {
            var registry = Registry.fresh()
            for number in 1...20 as ClosedRange<UInt64> {
                var node = registration(number, site: "site-\(number % 4)")
                if number <= 8 {
                    switch factor {
                    case .processServer: node.facts.processServer = "ps-07"
                    case .serverAddress: node.connection.localAddress = "192.0.2.9:443"
                    case .natAddress: node.connection.peerAddress = "198.51.100.1:\(4_000 + number)"
                    case .certificateIssuer: node.connection.issuer = "Fleet CA 2019"
                    default: node.facts.agentVersion = "9.9.9"
                    }
                }
                registry.registerAndCommit(node, at: t0)
            }
            for number in 1...8 as ClosedRange<UInt64> {
                _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
            }
            _ = registry.tick(at: t0 + .seconds(90))
            _ = registry.tick(at: t0 + .seconds(120))
            #expect(registry.activeCodes == [code], "\(factor)")
            let finding = try #require(registry.activeFindings().first)
            guard case .group(factor, let value) = finding.subject else {
                Issue.record("\(factor): \(finding.subject)")
                continue
            }
            #expect(finding.title.contains(value))
            #expect(finding.memberCount == 8)
            try registry.checkInvariants()
        }
    }

    @Test("a machine that answers when it is asked has stopped services; one that does not is off")
    func asked() {
        var registry = Registry.withNodes(4)
        loseBySilence(1, in: &registry)
        loseBySilence(2, in: &registry)
        _ = registry.answered(
            id(1), [Answer(.echo(sent: 2), isAnswered: true, after: .milliseconds(3))], at: t0 + .seconds(91))
        _ = registry.answered(
            id(2), [Answer(.echo(sent: 2), isAnswered: false, after: .milliseconds(3))], at: t0 + .seconds(91))
        #expect(registry[1]?.findings.first?.code == .noHeartbeatFromSource)
        #expect(registry[1]?.findings.first?.likelyCause.hasPrefix("both services on web-01 are stopped") == true)
        #expect(registry[2]?.findings.first?.code == .machineGone)
        #expect(registry[2]?.findings.first?.form.row == "78093-asked-down")
        #expect(registry[1]?.findings.first?.evidence.last?.source != nil)
    }

    @Test("a flapping member of a lost site does not rewrite everybody's error with each flip")
    func flappingMember() throws {
        var registry = Registry.withNodes(5)
        for number in 1...5 as ClosedRange<UInt64> {
            _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45))
        }
        _ = registry.tick(at: t0 + .seconds(90))
        var updates = 0
        for second in 100..<400 {
            let now = t0 + .seconds(second)
            if second.isMultiple(of: 2) {
                _ = registry.heardAgain(session(1), at: now)
            } else {
                _ = registry.silent(session(1), since: now - .seconds(1), at: now)
            }
            updates += registry.tick(at: now).brief.count { $0.hasPrefix("updated") }
            try registry.checkInvariants()
        }
        #expect(updates <= 2 * 21)
    }

    @Test("an old connection that is reset after the verdict changes nothing for a node that comes back")
    func lateReset() throws {
        var registry = Registry.withNodes(2)
        loseBySilence(1, in: &registry)
        let before = try #require(registry[1]?.findings.first)
        #expect(before.code == .machineGone)
        #expect(registry.connectionLost(session(1), .reset, at: t0 + .seconds(200)) == .none)
        // Its neighbours change, and it is looked at again.
        _ = registry.silent(session(2), since: t0 + .seconds(100), at: t0 + .seconds(201))
        _ = registry.tick(at: t0 + .seconds(231))
        #expect(registry[1]?.findings.first?.code == .machineGone)
        let effects = registry.register(registration(1, session: 11), at: t0 + .seconds(240)).effects
        #expect(effects.brief.contains("cleared 78093 web-01"))
        #expect(!effects.brief.contains { $0.hasPrefix("updated") })
        _ = registry.tick(at: t0 + .seconds(400))
        #expect(registry[1]?.reachability == .reachable)
        try registry.checkInvariants()
    }

    @Test("an old connection that is reset after the verdict tells the cause of a node that does not come back")
    func lateResetWithoutReturn() throws {
        var registry = Registry.withNodes(2)
        loseBySilence(1, in: &registry)
        let before = try #require(registry[1]?.findings.first)
        _ = registry.connectionLost(session(1), .reset, at: t0 + .seconds(200))
        #expect(registry.tick(at: t0 + .seconds(289)).brief == [])
        let effects = registry.tick(at: t0 + .seconds(290))
        #expect(effects.brief == ["write 95226a active", "updated 95226a web-01"])
        let after = try #require(registry[1]?.findings.first)
        #expect(after.id == before.id)
        #expect(after.evidence.map(\.source).suffix(2) == ["connection", "neighbours"])
        try registry.checkInvariants()
    }

    @Test("a machine alone in its site cannot be told from its path, and the error says so")
    func aloneInItsSite() {
        var registry = Registry.withNodes(1)
        loseBySilence(1, in: &registry)
        #expect(registry.activeCodes == ["78093"])
        #expect(registry[1]?.findings.first?.otherCause.hasPrefix("the path between site east") == true)
    }

    @Test("nodes that left do not count as silent neighbours")
    func leftNeighbours() {
        var registry = Registry.withNodes(2)
        _ = registry.left(session(2), .decommission, at: t0)
        loseBySilence(1, in: &registry)
        #expect(registry.activeCodes == ["78093"])
    }

    @Test("the server's own part is named")
    func closedByServer() {
        var registry = Registry.withNodes(2)
        _ = registry.connectionLost(session(1), .protocolError("frame too long"), lastHeard: t0, at: t0 + .seconds(1))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.activeCodes == ["78174"])
        #expect(
            registry[1]?.findings.first?.likelyCause
                == "its connection was closed by the server for a protocol error: frame too long, and it did not come back"
        )
    }

    @Test("a tick judges no more than it may, and the rest in the next")
    func boundedTick() throws {
        let count = UInt64(RegistryLimits.verdictsPerTickMax + 200)
        var registry = Registry.withNodes(count)
        for number in 1...count { _ = registry.connectionLost(session(number), .reset, lastHeard: t0, at: t0) }
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.summary(at: t0).fleet[.unreachable] == RegistryLimits.verdictsPerTickMax)
        #expect(registry.nextDeadline.map { $0 <= t0 + .seconds(90) } == true)
        for _ in 0..<Int(count) / RegistryLimits.verdictsPerTickMax { _ = registry.tick(at: t0 + .seconds(90)) }
        #expect(registry.summary(at: t0).fleet[.unreachable] == Int(count))
        _ = registry.tick(at: t0 + .seconds(120))
        #expect(registry.activeFindings().map(\.memberCount) == [Int(count)])
        #expect(registry.activeFindings().first?.members.count == RegistryLimits.membersPerFindingMax)
        try registry.checkInvariants()
    }

    @Test("cleared errors beyond the limit leave memory, the newest stay, and ids are never used again")
    func clearedLimit() throws {
        var settings = RegistrySettings(serverName: "cs-01")
        // Each time an error of its own.
        settings.flappingWindow = .zero
        var registry = Registry.fresh(settings)
        registry.registerAndCommit(registration(1), at: t0)
        var ids: Set<UInt64> = []
        for number in 0..<(RegistryLimits.clearedFindingsMax + 50) {
            let now = t0 + .seconds(number)
            _ = registry.reported(session(1), services: [report(scout, .stopped)], load: nil, at: now)
            ids.formUnion(registry.activeFindings().map(\.id))
            _ = registry.reported(session(1), services: [report(scout, .running)], load: nil, at: now)
        }
        #expect(ids.count == RegistryLimits.clearedFindingsMax + 50)
        let page = try registry.findings(FindingQuery(includesCleared: true))
        #expect(page.total == RegistryLimits.clearedFindingsMax)
        #expect(page.findings.first?.id == ids.max())
        try registry.checkInvariants()
    }
}
