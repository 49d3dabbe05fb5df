import ErrorCatalogue
import Registry
import Testing

@Suite("Services")
struct ServiceFindingTests {
    private func stopped(_ startType: StartType = .disabled) -> ServiceReport {
        ServiceReport(
            name: scout, state: .stopped, startType: startType,
            detail: "systemd unit appservice.service: inactive (dead)", unit: "appservice.service")
    }

    @Test("the application service stopped is 95226b, with evidence and remedy; started, it is cleared")
    func applicationService() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(3, services: [report(scout, .running)]), at: t0)
        let outcome = registry.reported(session(3), services: [stopped()], load: nil, at: t0 + .seconds(30))
        #expect(outcome.reply == .accepted)
        #expect(
            outcome.effects.brief == [
                "write web-03 reachable", "history service", "write 95226b active", "raised 95226b web-03",
                "history error raised",
            ])
        let finding = try #require(registry[3]?.findings.first)
        #expect(finding.severity == .critical)
        #expect(finding.title == "web-03: InMage Scout Application Service does not run, though the machine answers")
        #expect(
            finding.evidence.first?.text
                == "InMage Scout Application Service: stopped since 14:00:30 UTC, start type disabled; "
                + "systemd unit appservice.service: inactive (dead)")
        #expect(
            finding.likelyCause
                == "InMage Scout Application Service was not started with the machine: its start type is disabled")
        #expect(
            finding.remedy == [
                "on web-03: systemctl enable appservice.service", "on web-03: systemctl start appservice.service",
            ])
        #expect(registry[3]?.health == .critical)
        try registry.checkInvariants()

        let again = registry.reported(session(3), services: [stopped()], load: nil, at: t0 + .seconds(60))
        #expect(again.effects == .none)
        let better = registry.reported(session(3), services: [stopped(.automatic)], load: nil, at: t0 + .seconds(90))
        #expect(better.effects.brief == ["write web-03 reachable", "write 95226b active", "updated 95226b web-03"])
        #expect(registry[3]?.findings.first?.id == finding.id)
        #expect(registry[3]?.findings.first?.evidence.count == 3)

        let starting = registry.reported(
            session(3), services: [report(scout, .starting)], load: nil, at: t0 + .seconds(95))
        #expect(starting.effects.brief == ["write web-03 reachable", "history service"])
        #expect(registry.activeCodes == ["95226b"])
        let running = registry.reported(
            session(3), services: [report(scout, .running)], load: nil, at: t0 + .seconds(96))
        #expect(
            running.effects.brief == [
                "write web-03 reachable", "history service", "write 95226b cleared", "cleared 95226b web-03",
                "history error cleared",
            ])
        #expect(registry[3]?.health == .healthy)
        try registry.checkInvariants()
    }

    @Test(
        "the application service is known by its name or its unit, in any case",
        arguments: [
            ("inmage scout application service", ""), ("app", "appservice.service"),
            ("app", "InMage Scout Application Service"), ("appservice", ""),
        ])
    func names(name: String, unit: String) {
        #expect(ServiceReport(name: name, state: .stopped, unit: unit).kind == .scoutApplicationService)
        #expect(ServiceReport(name: "svagents", state: .stopped, unit: "svagents.service").kind == .other)
    }

    @Test("not installed is 95226b, too; any other service is a warning")
    func otherStates() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(
            registration(1, services: [report(scout, .notInstalled), report("cxps", .stopped, unit: "cxps.service")]),
            at: t0)
        #expect(registry.activeCodes == ["95226b", "service-not-running"])
        #expect(registry[1]?.findings.map(\.severity) == [.critical, .warning])
        registry.registerAndCommit(registration(1, services: [report("cxps", .stopped, unit: "cxps.service")]), at: t0)
        #expect(registry.activeCodes == ["service-not-running"])
        #expect(registry[1]?.health == .warning)
        #expect(registry.findings(recentlyClearedOf: 1).map(\.clearedBecause) == ["no longer watched"])
        try registry.checkInvariants()
    }

    @Test("an unknown state neither raises nor clears")
    func unknown() {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, services: [report(scout, .unknown)]), at: t0)
        #expect(registry.activeCodes == [])
        _ = registry.reported(session(1), services: [report(scout, .stopped)], load: nil, at: t0)
        _ = registry.reported(session(1), services: [report(scout, .unknown)], load: nil, at: t0)
        #expect(registry.activeCodes == ["95226b"])
    }

    @Test("on Windows the remedy speaks of services.msc and sc; without a unit it names the service")
    func remedies() {
        var registry = Registry.fresh()
        registry.registerAndCommit(
            registration(1, platform: .windows, services: [report(scout, .stopped, unit: "")]), at: t0)
        registry.registerAndCommit(registration(2, services: [report(scout, .stopped, unit: "")]), at: t0)
        #expect(
            registry[1]?.findings.first?.remedy.last
                == "or on web-01, as administrator: sc start \"InMage Scout Application Service\", "
                + "then sc config \"InMage Scout Application Service\" start= auto")
        #expect(
            registry[2]?.findings.first?.remedy == [
                "on web-02: start InMage Scout Application Service", "on web-02: have it start with the machine",
            ])
    }

    @Test("a unit's name cannot smuggle a command into a remedy")
    func hostileUnits() {
        var registry = Registry.fresh()
        registry.registerAndCommit(
            registration(1, services: [report(scout, .stopped, unit: "a; reboot 'now' {host}")]), at: t0)
        #expect(
            registry[1]?.findings.first?.remedy.first == "on web-01: systemctl start 'a; reboot '\\''now'\\'' {host}'")
    }

    @Test("a report ages with the clock that carried it, and a silent node's services are not known")
    func ageing() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, services: [report(scout, .stopped)]), at: t0)
        registry.registerAndCommit(registration(2), at: t0)
        #expect(registry[1]?.services.map(\.isStale) == [false])
        _ = registry.connectionLost(session(1), .reset, at: t0 + .seconds(1))
        #expect(registry[1]?.services.map(\.isStale) == [true])
        #expect(registry.activeCodes == ["95226b"])
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry.activeCodes == ["95226a"])
        registry.registerAndCommit(
            registration(1, services: [report(scout, .stopped)], session: 9), at: t0 + .seconds(99))
        #expect(registry.activeCodes == ["95226b"])
        #expect(registry[1]?.services.map(\.isStale) == [false])
        try registry.checkInvariants()
    }

    @Test("a partial report cannot go beyond the limit of services")
    func limit() throws {
        var registry = Registry.fresh()
        let many = (0..<64).map { ServiceReport(name: "s\($0)", state: .running) }
        registry.registerAndCommit(registration(1, services: many), at: t0)
        let known = registry.reported(session(1), services: [many[5]], load: nil, at: t0)
        #expect(known.reply == .accepted)
        let extra = registry.reported(
            session(1), services: [ServiceReport(name: "one more", state: .running)], load: nil, at: t0)
        #expect(extra.reply == .refused(.tooMany(field: "services", count: 65, countMax: 64)))
        try registry.checkInvariants()
    }

    @Test("load is kept with its time and never written")
    func load() {
        var registry = Registry.withNodes(1)
        let load = Load(loadAverage1m: 0.5)
        let outcome = registry.reported(session(1), services: [], load: load, at: t0 + .seconds(9))
        #expect(outcome == Outcome(.accepted))
        #expect(registry[1]?.load == load)
        #expect(registry[1]?.loadAt == t0 + .seconds(9))
    }

    @Test("evidence has a limit: the first stays, and so do the newest")
    func evidenceLimit() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, services: [report(scout, .stopped)]), at: t0)
        for number in 1...40 {
            let report = ServiceReport(name: scout, state: .stopped, detail: "try \(number)")
            _ = registry.reported(session(1), services: [report], load: nil, at: t0 + .seconds(number))
        }
        let evidence = try #require(registry[1]?.findings.first?.evidence)
        #expect(evidence.count == RegistryLimits.evidencePerFindingMax)
        #expect(evidence.first?.at == t0)
        #expect(evidence.last?.text.hasSuffix("try 40") == true)
        try registry.checkInvariants()
    }
}

extension Registry {
    fileprivate func findings(recentlyClearedOf number: UInt64) -> [Finding] {
        let page = try? findings(FindingQuery(includesCleared: true, node: id(number)))
        return page?.findings.filter { $0.clearedAt != nil } ?? []
    }
}
