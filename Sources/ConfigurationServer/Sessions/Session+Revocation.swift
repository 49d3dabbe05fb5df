internal import Registry
internal import RollcallProtocol

extension Session {
    /// Closes the connection if its peer's certificate was revoked, and says so to the peer and in the log.
    func closeIfRevoked() -> Bool {
        guard machine.phase != .closed, let proof, let why = home.trust.objection(to: proof, uri: peerURI) else {
            return false
        }
        send(.refusal(0, .permissionDenied, why + "; a new one is made at the server with: rollcall pki node --force"))
        if machine.phase == .established {
            nothingCameOfIt(AttemptReason.revocation(why), why)
        } else {
            home.log.notice("closed: \(why)", metadata: logMetadata)
        }
        finish(.closedByServer("certificate revoked"))
        return true
    }

    private var peerURI: String {
        switch machine.peer {
        case .stranger, .newcomer: ""
        case .node(let id): "rollcall://\(home.settings.fleet)/node/\(id)"
        case .operator(let name): "rollcall://\(home.settings.fleet)/operator/\(name)"
        }
    }
}
