internal import Registry
internal import RollcallProtocol

/// Operators who follow the errors. Confined to the control loop. A viewer that is too slow is ended by its session.
final class WatchStreams {
    private struct Watch: Hashable {
        let session: SessionID
        let request: UInt64
    }

    /// Watches of one server. Each event is sent to every one of them.
    static let watchesMax = 256

    private var watches: Set<Watch> = []
    private let reply: (SessionID, SessionReply) -> Void

    init(reply: @escaping (SessionID, SessionReply) -> Void) { self.reply = reply }

    /// Begins a watch with what is active now. False if there are too many.
    func add(_ session: SessionID, request: UInt64, active: [Finding]) -> Bool {
        guard watches.count < Self.watchesMax else { return false }
        watches.insert(Watch(session: session, request: request))
        for finding in active { send(.active, finding, to: session, request) }
        return true
    }

    func remove(_ session: SessionID) {
        watches = watches.filter { $0.session != session }
    }

    func publish(_ event: FindingEvent, _ finding: Finding) {
        let event: WireErrorEvent =
            switch event {
            case .raised: .raised
            case .updated: .updated
            case .cleared: .cleared
            }
        for watch in watches { send(event, finding, to: watch.session, watch.request) }
    }

    private func send(_ event: WireErrorEvent, _ finding: Finding, to session: SessionID, _ request: UInt64) {
        var response = WireResponse()
        response.id = request
        response.more = true
        response.watchErrors.event = event
        response.watchErrors.error = WireConnectivityError(finding)
        reply(session, .answer(response, isLast: false))
    }
}
