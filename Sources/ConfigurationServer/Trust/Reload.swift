internal import EventLoop
internal import Logging
internal import RollcallProtocol

/// Reading certificates and revocations anew while the server runs, for SIGHUP and for operators. On the control loop.
final class Reload {
    private let trust: ServerTrust
    private let doors: LoopDoors
    private let loop: EventLoop
    private let log: Logger
    /// Hears that certificates were read.
    var onRead: () -> Void = {}

    init(trust: ServerTrust, doors: LoopDoors, loop: EventLoop, log: Logger) {
        self.trust = trust
        self.doors = doors
        self.loop = loop
        self.log = log
    }

    /// Reads, has every loop close the connections of revoked certificates, and tells what came of it. Revocations count
    /// even if the server's own certificate cannot be read.
    func begin(by whom: String, then: @escaping (Result<WireReloadResponse, ServerError>) -> Void) {
        var problem: ServerError?
        do throws(ServerError) { try trust.reload() } catch { problem = error }
        if problem == nil { onRead() }
        if let problem { log.error("not read anew: \(problem)", metadata: ["by": "\(whom)"]) }
        let (failure, revoked) = (problem, trust.revokedCount)
        let finished = LoopBound((log: log, then: then), of: loop)
        doors.closeRevoked(on: loop) { closed in
            let (log, then) = finished.value
            log.notice(
                "revocations read: \(revoked) on the list, \(closed) connections closed", metadata: ["by": "\(whom)"])
            if let failure { return then(.failure(failure)) }
            log.notice("certificates read", metadata: ["by": "\(whom)"])
            then(.success(.with { ($0.revoked, $0.closed) = (UInt32(clamping: revoked), UInt32(clamping: closed)) }))
        }
    }
}
