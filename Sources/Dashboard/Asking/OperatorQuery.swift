public import RollcallProtocol

/// A server that answers operators: over the network, or made up by a test. The calling thread waits.
public protocol OperatorQuery: AnyObject {
    /// Asks one thing.
    /// - Throws: `OperatorFailure`.
    func call(_ method: WireRequest.OneOf_Method) throws(OperatorFailure) -> WireResponse.OneOf_Result

    /// Asks for a stream; `onEach` gets every answer, and says whether to go on. Returns when the server has no more or
    /// `onEach` had enough.
    /// - Throws: `OperatorFailure`, also when the connection ends in the middle.
    func stream(
        _ method: WireRequest.OneOf_Method, onEach: (WireResponse.OneOf_Result) -> Bool
    ) throws(OperatorFailure)
}

/// Why a question got no answer.
public enum OperatorFailure: Error, Equatable, Sendable {
    /// There is no connection, or it broke. The words name the thing, the fact and the next step.
    case lost(String)
    /// The server answered no.
    case refused(StatusCode, message: String)

    /// Whether the same question may be answered a little later.
    public var mayPass: Bool {
        switch self {
        case .lost, .refused(.unavailable, _), .refused(.resourceExhausted, _): true
        case .refused: false
        }
    }
}

extension OperatorFailure: CustomStringConvertible {
    /// In one line.
    public var description: String {
        switch self {
        case .lost(let reason): reason
        case .refused(let code, let message):
            message.isEmpty ? "the server refused without a word (\(code))" : message
        }
    }
}

/// The questions of the command line.
extension OperatorQuery {
    /// The summary.
    /// - Throws: `OperatorFailure`.
    public func status() throws(OperatorFailure) -> WireGetStatusResponse {
        guard case .getStatus(let answer) = try call(.getStatus(.init())) else { throw .mismatch }
        return answer
    }

    /// What the server's clock shows; nil if it does not tell. Ages are shown by this clock, because the times are.
    /// - Throws: `OperatorFailure.lost`.
    public func serverTime() throws(OperatorFailure) -> WallTime? {
        do throws(OperatorFailure) {
            guard case .ping(let answer) = try call(.ping(.init())) else { return nil }
            return WallTime(field: answer.serverTimeUnixMs)
        } catch {
            guard case .refused = error else { throw error }
            return nil
        }
    }

    /// Nodes, page by page, until there are `limit` or no more; nil: all.
    /// - Throws: `OperatorFailure`.
    public func nodes(
        _ request: WireListNodesRequest, limit: Int? = nil
    ) throws(OperatorFailure) -> WireListNodesResponse {
        var request = request
        var all = WireListNodesResponse()
        repeat {
            request.pageSize = Paging.size(most: 100, have: all.nodes.count, limit: limit)
            guard case .listNodes(let page) = try call(.listNodes(request)) else { throw .mismatch }
            all.nodes += page.nodes
            all.total = page.total
            guard Paging.goesOn(from: request.pageToken, to: page.nextPageToken, gained: page.nodes.count) else {
                break
            }
            request.pageToken = page.nextPageToken
        } while limit.map { all.nodes.count < $0 } ?? true
        if let limit { all.nodes = Array(all.nodes.prefix(limit)) }
        return all
    }

    /// One node.
    /// - Throws: `OperatorFailure`; `.refused(.notFound, …)` and, if several match, `.refused(.aborted, …)`.
    public func node(named name: String) throws(OperatorFailure) -> WireGetNodeResponse {
        guard case .getNode(let answer) = try call(.getNode(.with { $0.name = name })) else { throw .mismatch }
        return answer
    }

    /// Connections that came to nothing.
    /// - Throws: `OperatorFailure`.
    public func attempts(_ request: WireListAttemptsRequest) throws(OperatorFailure) -> WireListAttemptsResponse {
        guard case .listAttempts(let answer) = try call(.listAttempts(request)) else { throw .mismatch }
        return answer
    }

    /// Errors, page by page, until there are `limit` or no more; nil: all.
    /// - Throws: `OperatorFailure`.
    public func errors(
        _ request: WireListErrorsRequest, limit: Int? = nil
    ) throws(OperatorFailure) -> WireListErrorsResponse {
        var request = request
        var all = WireListErrorsResponse()
        repeat {
            request.pageSize = Paging.size(most: 50, have: all.errors.count, limit: limit)
            guard case .listErrors(let page) = try call(.listErrors(request)) else { throw .mismatch }
            all.errors += page.errors
            all.total = page.total
            guard Paging.goesOn(from: request.pageToken, to: page.nextPageToken, gained: page.errors.count) else {
                break
            }
            request.pageToken = page.nextPageToken
        } while limit.map { all.errors.count < $0 } ?? true
        if let limit { all.errors = Array(all.errors.prefix(limit)) }
        return all
    }

    /// Says that a node is one that was known before (`sameAs`), or a machine of its own (empty).
    /// - Throws: `OperatorFailure`.
    public func decide(_ node: String, sameAs: String) throws(OperatorFailure) -> WireDecideResponse {
        let request = WireDecideRequest.with {
            $0.node = node
            $0.sameAs = sameAs
        }
        guard case .decide(let answer) = try call(.decide(request)) else { throw .mismatch }
        return answer
    }

    /// Declares or cancels failover of nodes, or only asks who is waited for.
    /// - Throws: `OperatorFailure`; `.refused(.notFound, …)` and `.refused(.aborted, …)` as for one node.
    public func failover(_ nodes: [String], cancel: Bool) throws(OperatorFailure) -> WireFailoverResponse {
        let request = WireFailoverRequest.with {
            $0.nodes = nodes
            $0.cancel = cancel
        }
        guard case .failover(let answer) = try call(.failover(request)) else { throw .mismatch }
        return answer
    }

    /// Errors as they come, first the active ones; and nodes that become suspect, or return.
    /// - Throws: `OperatorFailure`: the stream ends in no other way, unless `onEach` had enough.
    public func watchErrors(_ onEach: (WireWatchErrorsResponse) -> Bool) throws(OperatorFailure) {
        var isMismatch = false
        var hadEnough = false
        try stream(.watchErrors(.with { $0.suspects = true })) { answer in
            guard case .watchErrors(let event) = answer else {
                isMismatch = true
                return false
            }
            hadEnough = !onEach(event)
            return !hadEnough
        }
        if isMismatch { throw .mismatch }
        if !hadEnough { throw .lost("the server ended the stream") }
    }
}

/// Arithmetic of pages.
private enum Paging {
    /// How many to ask for.
    static func size(most: Int, have: Int, limit: Int?) -> UInt32 {
        UInt32(max(1, min(most, limit.map { $0 - have } ?? most)))
    }

    /// Whether there is a next page. An empty page, or a token that comes again, would go on for ever.
    static func goesOn(from token: String, to next: String, gained: Int) -> Bool {
        !next.isEmpty && next != token && gained > 0
    }
}

extension OperatorFailure {
    fileprivate static var mismatch: OperatorFailure {
        .lost("the server's answer does not fit the question: is it of another version?")
    }
}
