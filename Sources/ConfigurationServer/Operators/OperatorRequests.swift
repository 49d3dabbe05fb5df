internal import ErrorCatalogue
internal import EventLoop
internal import Registry
internal import RegistryStore
internal import RollcallProtocol

/// What operators ask, a function a method. On the control loop; what needs the disk is read on the store's own queue.
extension RegistryShell {
    /// What happened to a node, of the newest so much in one answer.
    static let historyPerAnswerMax = 50

    func answer(_ request: WireRequest, from session: SessionID) {
        switch request.method {
        case .getStatus: answer(session, request.id) { $0.getStatus = status() }
        case .listNodes(let query): listNodes(query, request.id, session)
        case .getNode(let query): getNode(query, request.id, session)
        case .listErrors(let query): listErrors(query, request.id, session)
        case .watchErrors(let query):
            let active = query.onlyNew ? [] : registry.activeFindings()
            if !watches.add(session, request: request.id, active: active, suspects: query.suspects) {
                refuse(
                    session, request.id, .resourceExhausted,
                    "\(WatchStreams.watchesMax) operators watch already, the limit; end one")
            }
        case .listAttempts(let query): listAttempts(query, request.id, session)
        case .reload: readAnew(request.id, session)
        case .failover(let order): failover(order, request.id, session)
        case .decide(let word): decide(word, request.id, session)
        default: refuse(session, request.id, .unimplemented, "this server does not know the method")
        }
    }

    private func readAnew(_ request: UInt64, _ session: SessionID) {
        guard let reload else {
            return refuse(session, request, .unavailable, "the server is not ready yet; ask again")
        }
        reload.begin(by: "an operator") { [self] result in
            switch result {
            case .success(let done): answer(session, request) { $0.reload = done }
            case .failure(let error): refuse(session, request, .failedPrecondition, "\(error)")
            }
        }
    }

    func answer(_ session: SessionID, _ request: UInt64, _ fill: (inout WireResponse) -> Void) {
        var response = WireResponse()
        response.id = request
        fill(&response)
        reply(session, .answer(response, isLast: true))
    }

    func refuse(_ session: SessionID, _ request: UInt64, _ status: StatusCode, _ why: String) {
        reply(session, .answer(.refusal(request, status, why), isLast: true))
    }

    // MARK: status

    private func status() -> WireGetStatusResponse {
        let now = self.now
        let summary = registry.summary(at: now)
        var status = WireGetStatusResponse()
        status.health = WireHealth(summary.health)
        status.fleet = settings.fleet
        status.serverVersion = Version.text
        status.serverHost = settings.hostname
        status.serverTimeUnixMs = now.unixMilliseconds
        status.startedUnixMs = summary.startedAt.unixMilliseconds
        status.nodes = UInt32(clamping: summary.fleet.nodes)
        status.connections = UInt32(clamping: census.count)
        status.roles = summary.roles.map { .init($0.role.name, $0.tally) }
        status.sites = summary.sites.map { .init($0.site, $0.tally) }
        status.errors = summary.findings.map(WireConnectivityError.init)
        status.errorCount = UInt32(clamping: summary.findingCount)
        if let homecoming = summary.homecoming {
            status.homecoming.expected = UInt32(clamping: homecoming.expected)
            status.homecoming.returned = UInt32(clamping: homecoming.returned)
            status.homecoming.untilUnixMs = homecoming.until.unixMilliseconds
            status.homecoming.beganUnixMs = homecoming.began.unixMilliseconds
            status.homecoming.lastDueUnixMs = homecoming.lastDue?.unixMilliseconds ?? 0
            status.homecoming.admissionsPerSecond = UInt32(clamping: homecoming.perSecond)
        }
        status.listening = listening
        status.heartbeats = heartbeats
        return status
    }

    // MARK: nodes

    private func listNodes(_ query: WireListNodesRequest, _ request: UInt64, _ session: SessionID) {
        do {
            goOn(try registry.beginPage(NodeQuery(query)), request, session)
        } catch {
            refuse(session, request, .invalidArgument, error.description)
        }
    }

    /// A slice of a long search in each turn of the loop, so that the fleet's news is not kept waiting.
    private func goOn(_ scan: NodePageScan, _ request: UInt64, _ session: SessionID) {
        var scan = scan
        guard let page = registry.advance(&scan) else {
            let waiting = LoopBound((shell: self, scan: scan), of: loop)
            return loop.post { waiting.value.shell.goOn(waiting.value.scan, request, session) }
        }
        answer(session, request) {
            $0.listNodes.nodes = page.nodes.map(WireNode.init)
            $0.listNodes.nextPageToken = page.nextPageToken
            $0.listNodes.total = UInt32(clamping: page.total)
        }
    }

    private func getNode(_ query: WireGetNodeRequest, _ request: UInt64, _ session: SessionID) {
        switch registry.lookUp(query.name) {
        case .unknown:
            refuse(session, request, .notFound, Self.unknownNode(query.name))
        case .ambiguous(let candidates, let count):
            refuse(session, request, .aborted, Self.ambiguous(query.name, candidates, count))
        case .found(let view):
            let recent = registry.waitingHistory(of: view.id)
            let limit = Self.historyPerAnswerMax
            readStore({ try $0.history(of: view.id, limit: limit) }) { [self] result in
                answer(session, request) {
                    $0.getNode.node = WireNode(view)
                    $0.getNode.errors = view.findings.map(WireConnectivityError.init)
                    // What was not written yet is newer than what was, as a rule; times decide.
                    let history = (recent + ((try? result.get()) ?? [])).sorted { $0.at > $1.at }
                    $0.getNode.history = history.prefix(limit).map(WireHistoryEntry.init)
                }
            }
        }
    }

    static func unknownNode(_ name: String) -> String {
        "no node is called “\(name)”, and none's host name or id begins so; search with: rollcall nodes --match \(name)"
    }

    static func ambiguous(_ name: String, _ candidates: [String], _ count: Int) -> String {
        let more = count > candidates.count ? " and \(count - candidates.count) more" : ""
        return
            "“\(name)” fits \(count) nodes: \(candidates.joined(separator: ", "))\(more); say more of the name or the id"
    }

    // MARK: errors

    private func listErrors(_ query: WireListErrorsRequest, _ request: UInt64, _ session: SessionID) {
        var finding = FindingQuery(
            includesCleared: query.all, pageSize: Int(query.pageSize), pageToken: query.pageToken)
        if !query.node.isEmpty {
            switch registry.lookUp(query.node) {
            case .unknown: return refuse(session, request, .notFound, Self.unknownNode(query.node))
            case .ambiguous(let candidates, let count):
                return refuse(session, request, .aborted, Self.ambiguous(query.node, candidates, count))
            case .found(let view): finding.node = view.id
            }
        }
        if !query.code.isEmpty {
            finding.codes = ErrorCode.codes(named: query.code)
            if finding.codes.isEmpty {
                let known = ErrorCode.allCases.map(\.rawValue).joined(separator: ", ")
                return refuse(
                    session, request, .invalidArgument,
                    "code “\(query.code)” is none this server raises; known: \(known)")
            }
        }
        do {
            let page = try registry.findings(finding)
            answer(session, request) {
                $0.listErrors.errors = page.findings.map(WireConnectivityError.init)
                $0.listErrors.nextPageToken = page.nextPageToken
                $0.listErrors.total = UInt32(clamping: page.total)
            }
        } catch {
            refuse(session, request, .invalidArgument, error.description)
        }
    }

    /// Reads from the store away from the loop; the completion is on the loop.
    private func readStore<Value: Sendable>(
        _ read: @escaping @Sendable (any RegistryStore) throws -> Value,
        _ completion: @escaping (Result<Value, any Error>) -> Void
    ) {
        let waiting = LoopBound(completion, of: loop)
        let (store, loop) = (self.store, self.loop)
        readQueue.async {
            let result = Result { try read(store) }
            loop.post { waiting.value(result) }
        }
    }
}
