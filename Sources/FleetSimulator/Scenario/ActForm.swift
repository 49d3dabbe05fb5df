internal import Registry

/// How a file writes an act: its name, the keys that go with it, and what they make.
struct ActForm: Sendable {
    let name: String
    let keys: [String]
    let make: @Sendable (ScenarioFields) throws(ScenarioError) -> Scenario.Act

    private init(_ name: String, _ act: Scenario.Act) {
        self.name = name
        keys = []
        make = { _ in act }
    }

    private init(
        _ name: String, _ keys: [String],
        _ make: @escaping @Sendable (ScenarioFields) throws(ScenarioError) -> Scenario.Act
    ) {
        self.name = name
        self.keys = keys
        self.make = make
    }

    /// Every act, in the order in which documentation lists them.
    static let all: [ActForm] = [
        ActForm("stop-service", ["service", "start-type"]) { fields throws(ScenarioError) in
            .stopService(try fields.text("service"), startType: try fields.choice("start-type"))
        },
        ActForm("start-service", ["service"]) { fields throws(ScenarioError) in
            .startService(try fields.text("service"))
        },
        ActForm("remove-service", ["service"]) { fields throws(ScenarioError) in
            .removeService(try fields.text("service"))
        },
        ActForm("hang-service", ["service", "seen-as"]) { fields throws(ScenarioError) in
            .hangService(try fields.text("service"), seenAs: try fields.choice("seen-as") ?? .running)
        },
        ActForm("kill", .kill), ActForm("kill-agent", .killAgent), ActForm("freeze", .freeze),
        ActForm("hang-agent", .hangAgent), ActForm("thaw", .thaw), ActForm("power-off", .powerOff),
        ActForm("partition", .partition), ActForm("deafen", .deafen), ActForm("heal", .heal),
        ActForm("flap", ["every", "times"]) { fields throws(ScenarioError) in
            .flap(period: try fields.period(), times: try fields.number("times", most: ScenarioFile.stepsMax))
        },
        ActForm("restart", .restart),
        ActForm("leave", ["reason"]) { fields throws(ScenarioError) in
            .leave(try fields.choice("reason") ?? .decommission)
        },
        ActForm("upgrade", ["version"]) { fields throws(ScenarioError) in .upgrade(try fields.text("version")) },
        ActForm("garble", .garble), ActForm("return", .comeBack),
        ActForm("lose-packets", ["percent"]) { fields throws(ScenarioError) in
            .losePackets(try fields.number("percent", most: 90))
        },
        ActForm("refuse", ["reason", "issuer"]) { fields throws(ScenarioError) in
            .refuse(
                reason: try fields.word("reason", of: AttemptReason.allCases.filter(\.isFailure).map(\.word)),
                issuer: try fields.optionalText("issuer"))
        },
        ActForm("admit", .admit),
        ActForm("set-clock", ["ahead", "behind"]) { fields throws(ScenarioError) in
            .setClock(try fields.clockOffset())
        },
        ActForm("certificate", ["ends-in"]) { fields throws(ScenarioError) in
            .certificate(endsIn: try fields.duration("ends-in"))
        },
        ActForm("come-from", ["address"]) { fields throws(ScenarioError) in .comeFrom(try fields.address("address")) },
        ActForm("arrive-at", ["address"]) { fields throws(ScenarioError) in .arriveAt(try fields.address("address")) },
        ActForm("issued-by", ["issuer"]) { fields throws(ScenarioError) in .issuedBy(try fields.text("issuer")) },
        ActForm("block-data", .blockData), ActForm("open-data", .openData),
        ActForm("hide", ["only"]) { fields throws(ScenarioError) in .hide(try fields.choice("only")) },
        ActForm("show", .show), ActForm("declare-failover", .declareFailover),
        ActForm("cancel-failover", .cancelFailover),
        ActForm("reinstall", ["key"]) { fields throws(ScenarioError) in
            .reinstall(try fields.choice("key") ?? .old)
        },
        ActForm("migrate", .migrate),
        ActForm("rename", ["to"]) { fields throws(ScenarioError) in .rename(try fields.text("to")) },
        ActForm("move", ["to"]) { fields throws(ScenarioError) in .move(try fields.address("to")) },
        ActForm("clone", ["of"]) { fields throws(ScenarioError) in .clone(try fields.choice("of") ?? .disk) },
        ActForm("clone-server", .cloneServer), ActForm("restart-server", .restartServer),
        ActForm("restore-server", ["age"]) { fields throws(ScenarioError) in
            .restoreServer(age: try fields.duration("age"))
        },
        ActForm("stall-server", .stallServer),
        ActForm("overload-server", ["percent"]) { fields throws(ScenarioError) in
            .overloadServer(try fields.number("percent", most: 90))
        },
        ActForm("set-server-clock", ["ahead", "behind"]) { fields throws(ScenarioError) in
            .setServerClock(try fields.clockOffset())
        },
        ActForm("server-certificate", ["ends-in"]) { fields throws(ScenarioError) in
            .serverCertificate(endsIn: try fields.duration("ends-in"))
        },
        ActForm("break-store", .breakStore), ActForm("slow-store", .slowStore),
    ]

    /// Every key that belongs to some act.
    static let keys: [String] = all.flatMap(\.keys).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}
