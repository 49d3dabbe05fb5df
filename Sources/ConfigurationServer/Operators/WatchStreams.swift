internal import Registry
internal import RollcallProtocol

/// Operators who follow the errors. Confined to the control loop. A viewer that is too slow is ended by its session.
final class WatchStreams {
    private struct Watch: Hashable {
        let session: SessionID
        let request: UInt64
        let wantsSuspects: Bool
    }

    /// Watches of one server. Each event is sent to every one of them.
    static let watchesMax = 256
    /// Suspects told in a second, and as many returns. A cut that takes more is told by its error.
    static let suspectsPerSecondMax = 50

    private var watches: Set<Watch> = []
    private var told = (second: Instant(nanoseconds: .min), count: 0)
    private let reply: (SessionID, SessionReply) -> Void

    init(reply: @escaping (SessionID, SessionReply) -> Void) { self.reply = reply }

    /// Begins a watch with what is active now. False if there are too many.
    func add(_ session: SessionID, request: UInt64, active: [Finding], suspects: Bool) -> Bool {
        guard watches.count < Self.watchesMax else { return false }
        watches.insert(Watch(session: session, request: request, wantsSuspects: suspects))
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

    /// A node became suspect.
    func tellSuspect(_ suspect: @autoclosure () -> SuspectView?, at now: Instant) {
        tell(.suspected, suspect().map(WireSuspect.init), at: now)
    }

    /// A suspect was heard again.
    func tellReturn(_ suspect: @autoclosure () -> WireSuspect?, at now: Instant) {
        tell(.returned, suspect(), at: now)
    }

    private func tell(_ event: WireErrorEvent, _ suspect: @autoclosure () -> WireSuspect?, at now: Instant) {
        guard watches.contains(where: \.wantsSuspects) else { return }
        if now >= told.second + .seconds(1) { told = (now, 0) }
        told.count += 1
        guard told.count <= 2 * Self.suspectsPerSecondMax, let suspect = suspect() else { return }
        var response = WireResponse()
        response.more = true
        response.watchErrors.event = event
        response.watchErrors.suspect = suspect
        for watch in watches where watch.wantsSuspects {
            response.id = watch.request
            reply(watch.session, .answer(response, isLast: false))
        }
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
