import ErrorCatalogue
import Registry
import Testing

@Suite("Registration")
struct RegistrationTests {
    @Test("the first registration is written and admitted; the same again writes nothing")
    func firstAndAgain() throws {
        var registry = Registry.fresh()
        let first = registry.register(registration(3), at: t0)
        #expect(
            first.reply
                == .admitted(
                    RegistrationTerms(
                        heartbeatInterval: .seconds(30), suspectAfter: .seconds(60), unreachableAfter: .seconds(90))))
        #expect(first.effects.brief == ["write web-03 reachable", "history registered", "log"])
        registry.commitSucceeded(first.effects.changes)
        #expect(registry[3]?.reachability == .reachable)
        #expect(registry[3]?.health == .healthy)
        let again = registry.register(registration(3), at: t0 + .seconds(1))
        #expect(again.effects == .none)
        #expect(registry[3]?.registeredAt == t0 + .seconds(1))
        try registry.checkInvariants()
    }

    @Test("a repeated registration waits for the commit that is under way, for both are acknowledged")
    func repeatedBeforeTheCommit() {
        var registry = Registry.fresh()
        let first = registry.register(registration(3), at: t0)
        let second = registry.register(registration(3), at: t0)
        #expect(second.effects.brief == ["write web-03 reachable"])
        registry.commitSucceeded(first.effects.changes)
        registry.commitSucceeded(second.effects.changes)
        #expect(registry.register(registration(3), at: t0).effects == .none)
    }

    @Test("a newer connection of a component replaces the older one")
    func replacement() throws {
        var registry = Registry.withNodes(1)
        let outcome = registry.register(registration(1, session: 9), at: t0 + .seconds(5))
        #expect(outcome.effects.brief == ["close 1"])
        #expect(registry.connectionLost(session(1), .reset, at: t0 + .seconds(6)) == .none)
        #expect(registry[1]?.reachability == .reachable)
        #expect(registry.node(of: session(9)) == id(1))
        #expect(registry.node(of: session(1)) == nil)
        try registry.checkInvariants()
    }

    @Test("a new boot id is a reboot, and changed facts are told")
    func changes() throws {
        var registry = Registry.withNodes(1)
        let reboot = registry.registerAndCommit(registration(1, boot: 2), at: t0 + .seconds(60))
        #expect(reboot.effects.brief == ["write web-01 reachable", "history rebooted"])
        let moved = registry.registerAndCommit(registration(1, site: "west", boot: 2), at: t0 + .seconds(61))
        #expect(moved.effects.brief == ["write web-01 reachable", "history changed"])
        #expect(registry.summary(at: t0).sites.map(\.site) == ["west"])
        let renamed = registry.registerAndCommit(
            registration(1, site: "west", hostname: "shop-01", boot: 2), at: t0 + .seconds(62))
        guard case .persist(.history(let entry)) = renamed.effects[1] else {
            Issue.record("no history: \(renamed.effects.brief)")
            return
        }
        #expect(entry.text == "host name web-01 → shop-01")
        #expect(registry.lookUp("web-01") == .unknown)
        try registry.checkInvariants()
    }

    @Test("a site that no node stands in any more is forgotten")
    func emptySites() throws {
        var registry = Registry.withNodes(1)
        for number in 0..<50 {
            registry.registerAndCommit(registration(1, site: "site-\(number)"), at: t0 + .seconds(number))
            #expect(registry.summary(at: t0).sites.map(\.site) == ["site-\(number)"])
            try registry.checkInvariants()
        }
    }

    @Test("an empty site is the default one, and empty components are those of the role")
    func defaults() {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, site: ""), at: t0)
        registry.registerAndCommit(registration(2, role: .processServer), at: t0)
        #expect(registry[1]?.facts.site == "default")
        #expect(registry[1]?.components.map(\.kind) == [.mobilityAgent])
        #expect(registry[2]?.components.map(\.kind) == [.processServer])
    }

    @Test("clock skew is measured at each registration")
    func skew() {
        var registry = Registry.fresh()
        var late = registration(1)
        late.sentAt = t0 - .seconds(90)
        registry.registerAndCommit(late, at: t0)
        #expect(registry[1]?.clockSkew == .seconds(-90))
    }
}

@Suite("Registration refusals")
struct RegistrationRefusalTests {
    /// What a registration with this change is refused for, and what the agent reads.
    private func refusal(_ change: (inout Registration) -> Void) -> RegistrationRefusal? {
        var registry = Registry.fresh()
        var bad = registration(1)
        change(&bad)
        let outcome = registry.register(bad, at: t0)
        #expect(outcome.effects == .none)
        #expect(registry.nodeCount == 0)
        return outcome.reply.refusal
    }

    private func long(_ bytes: Int) -> String { String(repeating: "a", count: bytes) }

    @Test("every text has a limit, and the refusal names the field")
    func texts() {
        #expect(refusal { $0.facts.hostname = "" } == .missing(field: "hostname"))
        #expect(
            refusal { $0.facts.hostname = long(256) } == .tooLong(field: "hostname", bytes: 256, bytesMax: 255))
        #expect(
            refusal { $0.facts.osVersion = long(129) } == .tooLong(field: "os_version", bytes: 129, bytesMax: 128))
        #expect(
            refusal { $0.facts.agentVersion = long(65) } == .tooLong(field: "agent_version", bytes: 65, bytesMax: 64))
        #expect(refusal { $0.facts.site = long(65) } == .tooLong(field: "site", bytes: 65, bytesMax: 64))
        #expect(
            refusal { $0.facts.processServer = long(256) }
                == .tooLong(field: "process_server", bytes: 256, bytesMax: 255))
        #expect(
            refusal { $0.facts.machineID = long(65) } == .tooLong(field: "machine_id", bytes: 65, bytesMax: 64))
        #expect(
            refusal { $0.facts.addresses = [long(65)] } == .tooLong(field: "addresses", bytes: 65, bytesMax: 64))
        #expect(refusal { $0.facts.bootID = [1, 2, 3] }?.description.contains("boot_id") == true)
        #expect(
            refusal { $0.facts.hostname = "web\u{1B}[2J" }
                == .malformed(field: "hostname", why: "holds a control character; remove it"))
    }

    @Test("texts at their limit are accepted")
    func atTheLimit() {
        var registry = Registry.fresh()
        var full = registration(1)
        full.facts.hostname = long(255)
        full.facts.site = long(64)
        full.facts.addresses = (0..<32).map { "10.0.0.\($0)" }
        full.services = (0..<64).map { ServiceReport(name: "service \($0)", state: .running, detail: long(256)) }
        #expect(registry.register(full, at: t0).reply.refusal == nil)
    }

    @Test("lists have limits")
    func lists() {
        #expect(
            refusal { $0.facts.addresses = [String](repeating: "10.0.0.1", count: 33) }
                == .tooMany(field: "addresses", count: 33, countMax: 32))
        #expect(
            refusal { $0.services = (0..<65).map { ServiceReport(name: "s\($0)", state: .running) } }
                == .tooMany(field: "services", count: 65, countMax: 64))
    }

    @Test("services are checked one by one")
    func services() {
        #expect(refusal { $0.services = [report("", .running)] } == .missing(field: "services.name"))
        #expect(
            refusal { $0.services = [report("a", .running), report("a", .stopped)] } == .duplicateService(name: "a"))
        #expect(
            refusal { $0.services = [report(long(129), .running)] }
                == .tooLong(field: "services.name", bytes: 129, bytesMax: 128))
        #expect(
            refusal { $0.services = [report("a", .running, unit: long(129))] }
                == .tooLong(field: "services.unit", bytes: 129, bytesMax: 128))
        #expect(
            refusal { $0.services = [ServiceReport(name: "a", state: .running, detail: long(257))] }
                == .tooLong(field: "services.detail", bytes: 257, bytesMax: 256))
    }

    @Test("what a watcher saw is made harmless, not refused")
    func details() {
        var registry = Registry.fresh()
        var odd = registration(1)
        odd.services = [ServiceReport(name: "a", state: .running, detail: "line\nline\u{1B}[1m")]
        registry.registerAndCommit(odd, at: t0)
        #expect(registry[1]?.services.first?.record.report.detail == "line line [1m")
    }

    @Test(
        "addresses that no other machine can reach are refused; none at all, or one that is usable, is not",
        arguments: [
            (["127.0.0.1", "::1"], false), (["fe80::1"], false), (["169.254.9.9"], false), (["banana"], false),
            ([], true), (["127.0.0.1", "10.0.0.1"], true), (["2001:db8::7"], true), (["fd00::7"], true),
            (["0.0.0.0"], false), (["224.0.0.1"], false), (["ff02::1", "::"], false), (["1.2"], false),
            (["1.2.3.256"], false),
            (["::ffff:10.0.0.1"], false), (["2001:db8:1:2:3:4:5:6:7"], false), (["2001:db8::1::2"], false),
            (["febf::1%eth0"], false), (["fec0::1"], true), (["64:ff9b::10.0.0.1"], true),
        ] as [([String], Bool)])
    func addresses(given: [String], isAccepted: Bool) {
        var registry = Registry.fresh()
        var wanted = registration(1)
        wanted.facts.addresses = given
        let refusal = registry.register(wanted, at: t0).reply.refusal
        #expect(refusal == (isAccepted ? nil : .noUsableAddress(given: given)))
    }

    @Test("an agent beside the server needs no address that others could use", arguments: ["127.0.0.1:5", "[::1]:5"])
    func besideTheServer(peer: String) {
        var registry = Registry.fresh()
        var wanted = registration(1)
        wanted.facts.addresses = ["169.254.9.9"]
        wanted.connection.peerAddress = peer
        #expect(registry.register(wanted, at: t0).reply.refusal == nil)
    }

    @Test(
        "a host name that cannot be one is refused: it stands in commands that people copy",
        arguments: [
            ("web-03.example.net", true), ("WEB_03", true), ("伺服器-1", true), ("web 03", false), ("a;reboot", false),
            ("$(reboot)", false), ("web/03", false), ("{unit}", false),
        ])
    func hostnames(name: String, isAccepted: Bool) {
        var registry = Registry.fresh()
        let refusal = registry.register(registration(1, hostname: name), at: t0).reply.refusal
        #expect((refusal == nil) == isAccepted)
        if let refusal { #expect(refusal.attemptReason == .factsMalformed && "\(refusal)".contains("hostname")) }
    }

    @Test("a role is fixed; the refusal names both and changes nothing")
    func roles() throws {
        var registry = Registry.withNodes(1)
        let outcome = registry.register(registration(1, role: .masterTarget), at: t0)
        #expect(
            outcome.reply
                == .refused(.roleDiffers(hostname: "web-01", registered: .mobilityAgent, given: .masterTarget)))
        #expect(
            outcome.reply.refusal?.description
                == "web-01 is registered as a mobility agent and now says it is a master target; a role is fixed: "
                + "give the machine a new identity for its new role, or correct the agent's --role")
        #expect(registry[1]?.facts.role == .mobilityAgent)
        try registry.checkInvariants()
    }

    @Test("too many sites are refused, known ones are not")
    func sites() {
        var registry = Registry.fresh()
        for number in 0..<RegistryLimits.sitesMax {
            registry.registerAndCommit(registration(UInt64(number), site: "s\(number)"), at: t0)
        }
        let extra = registry.register(registration(1_000_000, site: "one more"), at: t0)
        #expect(
            extra.reply == .refused(.siteLimit(site: "one more", sitesMax: RegistryLimits.sitesMax)))
        #expect(registry.register(registration(1_000_000, site: "s5"), at: t0).reply.refusal == nil)
        #expect(registry.register(registration(7, site: "another"), at: t0).reply.refusal != nil)
    }

    @Test("a full registry refuses newcomers and serves those it has")
    func nodeLimit() {
        var registry = Registry.fresh(RegistrySettings(nodesMax: 2))
        registry.registerAndCommit(registration(1), at: t0)
        registry.registerAndCommit(registration(2), at: t0)
        #expect(registry.register(registration(3), at: t0).reply == .refused(.nodeLimit(nodesMax: 2)))
        #expect(registry.register(registration(2, session: 22), at: t0).reply.refusal == nil)
    }

    @Test("every refusal is one sentence that names what is wrong and what to do")
    func sentences() {
        let all: [RegistrationRefusal] = [
            .missing(field: "hostname"), .tooLong(field: "site", bytes: 70, bytesMax: 64),
            .tooMany(field: "addresses", count: 40, countMax: 32), .malformed(field: "boot_id", why: "has 3 bytes"),
            .duplicateService(name: "a"), .noUsableAddress(given: ["127.0.0.1"]),
            .roleDiffers(hostname: "web-01", registered: .mobilityAgent, given: .processServer),
            .nodeLimit(nodesMax: 5), .siteLimit(site: "x", sitesMax: 5), .registryNotWritable(reason: "disk full"),
            .notRegistered,
        ]
        for refusal in all {
            #expect(refusal.description.count > 10 && !refusal.description.contains("\n"))
            #expect(refusal.isTemporary == (refusal == .registryNotWritable(reason: "disk full")))
        }
    }
}
