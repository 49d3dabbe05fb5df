internal import RollcallProtocol

/// What the server has not confirmed yet: services that changed, the load, and the way to the process server. A change is sent again with each heartbeat
/// until one that carried it is answered.
///
/// A version per change, not a comparison of values: a service that went down and up again within two unanswered
/// heartbeats has the value that was confirmed before, while the server may hold the one in between.
struct UnsettledReports: Equatable, Sendable {
    /// What a request carried, so that its answer settles just that.
    struct Carried: Equatable, Sendable {
        fileprivate var services: [String: UInt64] = [:]
        fileprivate var load: UInt64?
        fileprivate var dataPath: UInt64?
        /// Whether it carried anything.
        var isEmpty: Bool { services.isEmpty && load == nil && dataPath == nil }
    }

    /// Every watched service as last seen, in the order in which it was first told.
    private(set) var services: [WireServiceReport] = []
    private(set) var load: WireLoad?
    private var unsettled: [String: UInt64] = [:]
    private var unsettledLoad: UInt64?
    private var dataPath: WireDataPath?
    private var unsettledDataPath: UInt64?
    private var version: UInt64 = 0

    /// Whether there is something that is not to wait for the next scheduled beat: a service changed since the last answer,
    /// or the process server cannot be reached.
    var hasUrgentNews: Bool { !unsettled.isEmpty || (unsettledDataPath != nil && dataPath?.open == false) }

    /// Takes in what a watcher saw. Returns the services that are news.
    mutating func update(_ reports: [WireServiceReport]) -> [WireServiceReport] {
        reports.filter { report in
            if let index = services.firstIndex(where: { $0.name == report.name }) {
                guard services[index] != report else { return false }
                services[index] = report
            } else {
                services.append(report)
            }
            version += 1
            unsettled[report.name] = version
            return true
        }
    }

    /// Takes in a new measurement of the load.
    mutating func update(_ load: WireLoad) {
        version += 1
        self.load = load
        unsettledLoad = version
    }

    /// Takes in what was found of the way to the process server.
    mutating func update(_ path: WireDataPath) {
        version += 1
        dataPath = path
        unsettledDataPath = version
    }

    /// Fills a registration with everything there is; what it cannot carry goes with the first heartbeat after it.
    mutating func fill(_ request: inout WireRegisterRequest) -> Carried {
        if dataPath != nil {
            version += 1
            unsettledDataPath = version
        }
        request.services = services
        if let load { request.load = load }
        return Carried(services: unsettled, load: unsettledLoad)
    }

    /// Fills a heartbeat with what is not confirmed.
    func fill(_ request: inout WireHeartbeatRequest) -> Carried {
        request.services = services.filter { unsettled[$0.name] != nil }
        if let load, unsettledLoad != nil { request.load = load }
        if let dataPath, unsettledDataPath != nil { request.dataPath = dataPath }
        return Carried(services: unsettled, load: unsettledLoad, dataPath: unsettledDataPath)
    }

    /// The request that carried these was answered: what has not changed since is known to the server.
    mutating func settle(_ carried: Carried) {
        for (name, version) in carried.services where unsettled[name] == version { unsettled[name] = nil }
        if unsettledLoad == carried.load { unsettledLoad = nil }
        if let dataPath = carried.dataPath, unsettledDataPath == dataPath { unsettledDataPath = nil }
    }
}
