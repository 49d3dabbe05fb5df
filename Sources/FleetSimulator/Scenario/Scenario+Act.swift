internal import RollcallProtocol

extension Scenario.Act {
    /// What undoes it; nil where nothing does.
    var undoing: Scenario.Act? {
        switch self {
        case .stopService(let name, _), .removeService(let name), .hangService(let name, _): .startService(name)
        case .startService(let name): .stopService(name, startType: nil)
        case .kill, .killAgent, .leave, .restart, .upgrade, .powerOff, .garble: .comeBack
        case .freeze, .hangAgent: .thaw
        case .partition, .deafen: .heal
        case .losePackets: .losePackets(0)
        case .refuse: .admit
        case .setClock: .setClock(.zero)
        case .certificate: .certificate(endsIn: nil)
        case .comeFrom: .comeFrom("")
        case .arriveAt: .arriveAt("")
        case .issuedBy: .issuedBy("")
        case .blockData: .openData
        case .hide: .show
        case .declareFailover: .cancelFailover
        case .clone: .endClone
        case .cloneServer: .endServerClone
        case .restartServer, .restoreServer: .startServer
        case .stallServer: .resumeServer
        case .overloadServer: .overloadServer(0)
        case .setServerClock: .setServerClock(.zero)
        case .serverCertificate: .serverCertificate(endsIn: nil)
        case .breakStore, .slowStore: .mendStore
        case .reinstall, .migrate, .rename, .move, .thaw, .heal, .flap, .comeBack, .admit, .openData, .show,
            .cancelFailover, .endClone, .endServerClone, .startServer, .resumeServer, .mendStore:
            nil
        }
    }

    /// It happens to the configuration server, not to machines. A run against a real server cannot do it.
    public var isOfServer: Bool {
        switch self {
        case .restartServer, .restoreServer, .startServer, .stallServer, .resumeServer, .overloadServer,
            .setServerClock,
            .serverCertificate,
            .breakStore, .slowStore, .mendStore:
            true
        default: false
        }
    }

    /// Whether only a rehearsal, in a model of machines and network, can do it.
    public var isForRehearsalsOnly: Bool {
        switch self {
        case .stopService, .startService, .removeService, .kill, .killAgent, .freeze, .hangAgent, .thaw, .partition,
            .heal, .flap, .restart, .leave, .upgrade, .comeBack:
            false
        default: true
        }
    }

    /// Makes no sense without an end.
    var needsDuration: Bool {
        switch self {
        case .restartServer, .restoreServer, .stallServer, .overloadServer, .breakStore, .slowStore: true
        default: false
        }
    }

    /// It happens to one program of a machine; else to all of them that dial in.
    var isOfAgentOnly: Bool {
        switch self {
        case .killAgent, .hangAgent, .stopService, .startService, .removeService, .hangService, .garble, .blockData,
            .openData:
            true
        default: false
        }
    }

    var service: String? {
        switch self {
        case .stopService(let name, _), .startService(let name), .removeService(let name), .hangService(let name, _):
            name
        default: nil
        }
    }
}

extension Scenario.Act: CustomStringConvertible {
    /// As the file writes it.
    public var description: String {
        switch self {
        case .stopService(let name, nil): "stop-service \(name)"
        case .stopService(let name, let start?): "stop-service \(name), start type \(start.rawValue)"
        case .startService(let name): "start-service \(name)"
        case .removeService(let name): "remove-service \(name)"
        case .hangService(let name, let state): "hang-service \(name), seen as \(state.rawValue)"
        case .kill: "kill"
        case .killAgent: "kill-agent"
        case .freeze: "freeze"
        case .hangAgent: "hang-agent"
        case .thaw: "thaw"
        case .powerOff: "power-off"
        case .partition: "partition"
        case .deafen: "deafen"
        case .heal: "heal"
        case .flap(let period, let times): "flap \(times) times every \(period.text)"
        case .restart: "restart"
        case .leave(let reason): "leave: \(reason.rawValue)"
        case .upgrade(let version): "upgrade to \(version)"
        case .garble: "garble"
        case .comeBack: "return"
        case .losePackets(0): "lose no packets any more"
        case .losePackets(let percent): "lose-packets \(percent) %"
        case .refuse(let reason, _): "refuse: \(reason)"
        case .admit: "admit"
        case .setClock(.zero): "the clock is right again"
        case .setClock(let ahead): "set-clock \(ahead.asOffset)"
        case .certificate(let left?): "certificate that ends in \(left.text)"
        case .certificate(nil): "certificate of a year"
        case .comeFrom(let address): address.isEmpty ? "come from its own address" : "come-from \(address)"
        case .arriveAt(let address): address.isEmpty ? "arrive at the usual address" : "arrive-at \(address)"
        case .issuedBy(let issuer): issuer.isEmpty ? "issued by the usual authority" : "issued-by \(issuer)"
        case .blockData: "block-data"
        case .openData: "open-data"
        case .hide(let door): "hide" + (door.map { ", only \($0.rawValue)" } ?? "")
        case .show: "show"
        case .declareFailover: "declare-failover"
        case .cancelFailover: "cancel-failover"
        case .clone(let copy): "clone of its \(copy.rawValue)"
        case .migrate: "migrate"
        case .reinstall(let key): "reinstall with its \(key.rawValue) key"
        case .rename(let name): "rename to \(name)"
        case .move(let address): "move to \(address)"
        case .endClone: "end of the clone"
        case .cloneServer: "clone-server"
        case .endServerClone: "end of the server's clone"
        case .restartServer: "restart-server"
        case .restoreServer(let age): "restore-server as it was \(age.text) ago"
        case .setServerClock(.zero): "the server's clock is right again"
        case .setServerClock(let ahead): "set-server-clock \(ahead.asOffset)"
        case .serverCertificate(let left?): "server-certificate that ends in \(left.text)"
        case .serverCertificate(nil): "server-certificate of a year"
        case .stallServer: "stall-server"
        case .startServer: "the server starts"
        case .resumeServer: "the server goes on"
        case .overloadServer(0): "the server has time again"
        case .overloadServer(let percent): "overload-server: \(percent) % of its time"
        case .breakStore: "break-store"
        case .slowStore: "slow-store"
        case .mendStore: "the store is well again"
        }
    }
}

extension Duration {
    /// "5m ahead".
    fileprivate var asOffset: String { self < .zero ? "\((.zero - self).text) behind" : "\(text) ahead" }
}
