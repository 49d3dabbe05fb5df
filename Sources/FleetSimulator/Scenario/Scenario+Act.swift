extension Scenario.Act {
    /// What a step says besides the act's name.
    enum Form {
        case plain(Scenario.Act)
        case service((String) -> Scenario.Act)
        case percent((Int) -> Scenario.Act)
        case flap

        func takes(_ key: String) -> Bool {
            switch self {
            case .plain: false
            case .service: key == "service"
            case .percent: key == "percent"
            case .flap: key == "every" || key == "times"
            }
        }
    }

    /// Every act by the name that the file uses.
    static var forms: [String: Form] {
        [
            "stop-service": .service { .stopService($0) }, "start-service": .service { .startService($0) },
            "kill": .plain(.kill), "freeze": .plain(.freeze), "thaw": .plain(.thaw), "partition": .plain(.partition),
            "heal": .plain(.heal), "flap": .flap, "restart": .plain(.restart), "leave": .plain(.leave),
            "return": .plain(.comeBack), "lose-packets": .percent { .losePackets($0) }, "clone": .plain(.clone),
            "restart-server": .plain(.restartServer), "stall-server": .plain(.stallServer),
            "break-store": .plain(.breakStore), "slow-store": .plain(.slowStore),
        ]
    }

    /// The names, in the order in which documentation lists them.
    static let names = [
        "stop-service", "start-service", "kill", "freeze", "thaw", "partition", "heal", "flap", "restart", "leave",
        "return", "lose-packets", "clone", "restart-server", "stall-server", "break-store", "slow-store",
    ]

    /// What undoes it; nil where nothing does.
    var undoing: Scenario.Act? {
        switch self {
        case .stopService(let name): .startService(name)
        case .startService(let name): .stopService(name)
        case .kill, .leave, .restart: .comeBack
        case .freeze: .thaw
        case .partition: .heal
        case .losePackets: .losePackets(0)
        case .clone: .endClone
        case .restartServer, .stallServer: .resumeServer
        case .breakStore, .slowStore: .mendStore
        case .thaw, .heal, .flap, .comeBack, .endClone, .resumeServer, .mendStore: nil
        }
    }

    /// It happens to the configuration server, not to machines. A run against a real server cannot do it.
    public var isOfServer: Bool {
        switch self {
        case .restartServer, .stallServer, .resumeServer, .breakStore, .slowStore, .mendStore: true
        default: false
        }
    }

    /// Whether only a rehearsal, in a model of the network, can do it.
    public var isForRehearsalsOnly: Bool {
        switch self {
        case .losePackets, .clone, .endClone: true
        default: isOfServer
        }
    }

    /// Makes no sense without an end.
    var needsDuration: Bool { isOfServer && undoing != nil }

    var service: String? {
        switch self {
        case .stopService(let name), .startService(let name): name
        default: nil
        }
    }
}

extension Scenario.Act: CustomStringConvertible {
    /// As the file writes it.
    public var description: String {
        switch self {
        case .stopService(let name): "stop-service \(name)"
        case .startService(let name): "start-service \(name)"
        case .kill: "kill"
        case .freeze: "freeze"
        case .thaw: "thaw"
        case .partition: "partition"
        case .heal: "heal"
        case .flap(let period, let times): "flap \(times) times every \(period.text)"
        case .restart: "restart"
        case .leave: "leave"
        case .comeBack: "return"
        case .losePackets(0): "lose no packets any more"
        case .losePackets(let percent): "lose-packets \(percent) %"
        case .clone: "clone"
        case .endClone: "end of the clone"
        case .restartServer: "restart-server"
        case .stallServer: "stall-server"
        case .resumeServer: "the server goes on"
        case .breakStore: "break-store"
        case .slowStore: "slow-store"
        case .mendStore: "the store is well again"
        }
    }
}
