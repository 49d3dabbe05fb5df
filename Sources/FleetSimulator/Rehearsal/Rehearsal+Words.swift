internal import Registry

// What machines tell the server, as the server's sessions would hand it to the registry.
extension Rehearsal {
    /// Where process servers take data.
    static let dataPort = 9_443

    func registration(of node: Int, on connection: UInt64) -> Registration {
        let machine = nodes[node]
        return Registration(
            id: machine.key, session: SessionID(loop: 0, number: connection), facts: machine.facts,
            components: machine.component.map { [$0] } ?? [], services: machine.services,
            sentAt: now + machine.clockAhead,
            connection: ConnectionFacts(
                peerAddress: peer(of: node, connection), localAddress: local(of: node), tlsVersion: "TLSv1.3",
                certificateUntil: certificateUntil(of: node), instance: machine.instance, issuer: issuer(of: node)),
            lastServer: machine.lastServer)
    }

    func certificateUntil(of node: Int) -> Instant {
        nodes[node].certificateUntil ?? start + RehearsedServer.certificateLifetime
    }

    func issuer(of node: Int) -> String { nodes[node].issuer.isEmpty ? "Rollcall CA" : nodes[node].issuer }

    /// As the server notes a connection that came to nothing. Whose it was is known where the certificate was looked at.
    func attempt(of node: Int, _ refusal: RehearsedNode.Refusal) -> Attempt {
        let day = Duration.seconds(86_400)
        let (from, until): (Instant?, Instant?) =
            switch refusal.reason {
            case .certificateExpired: (refusal.since - day * 365, refusal.since)
            case .certificateNotYetValid: (refusal.since + day, refusal.since + day * 365)
            default: (nil, nil)
            }
        let isRegistration = refusal.reason.attemptProgress == .refused
        return Attempt(
            peer: peer(of: node, UInt64(now.nanoseconds / 1_000_000_000 % 20_000)), local: local(of: node),
            at: server.now,
            lasted: .milliseconds(40), progress: refusal.reason.attemptProgress,
            end: isRegistration ? .closedByServer : .closedByPeer, reason: refusal.reason,
            detail: "refused: \(refusal.reason.word)", bytesIn: 1_800, bytesOut: 2_400, serverName: settings.serverName,
            node: refusal.reason.tellsNode ? nodes[node].id : nil, issuer: refusal.issuer, validFrom: from,
            validUntil: until)
    }

    private func peer(of node: Int, _ connection: UInt64) -> String {
        let own = nodes[node].facts.addresses.first ?? "10.0.0.9"
        let address = nodes[node].peerAddress.isEmpty ? own : nodes[node].peerAddress
        return "\(address):\(40_000 + connection % 20_000)"
    }

    private func local(of node: Int) -> String {
        (nodes[node].serverAddress.isEmpty ? "10.0.0.1" : nodes[node].serverAddress) + ":443"
    }
}

extension AttemptReason {
    /// How far a connection got that ended so.
    fileprivate var attemptProgress: AttemptProgress {
        switch self {
        case .clock, .versionUnsupported, .factsMissing, .factsMalformed, .noUsableAddress, .roleDiffers,
            .registryFull, .duplicateIdentity, .keyReplaced, .wrongPassphrase:
            .refused
        case .protocolError: .secured
        default: .handshaking
        }
    }

    /// Whether the certificate says who it was.
    fileprivate var tellsNode: Bool {
        switch self {
        case .certificateExpired, .certificateNotYetValid, .certificateRevoked, .certificateSuperseded, .clock,
            .versionUnsupported, .factsMissing, .factsMalformed, .noUsableAddress, .roleDiffers, .registryFull,
            .duplicateIdentity, .keyReplaced, .protocolError:
            true
        default: false
        }
    }
}
