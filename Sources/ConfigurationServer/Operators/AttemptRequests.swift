internal import Foundation
internal import Registry
internal import RollcallProtocol

/// Who did not get in, for operators and probes.
extension RegistryShell {
    /// Attempts, and failing peers, in one answer.
    static let attemptsPerAnswerMax = 100

    func listAttempts(_ query: WireListAttemptsRequest, _ request: UInt64, _ session: SessionID) {
        let limit = query.limit == 0 ? Self.attemptsPerAnswerMax : min(Int(query.limit), Self.attemptsPerAnswerMax)
        let attempts = registry.attempts(
            AttemptQuery(
                peer: query.peerAddress, serverName: query.serverName,
                since: query.sinceUnixMs == 0 ? nil : Instant(unixMilliseconds: query.sinceUnixMs),
                failuresOnly: query.failuresOnly, limit: limit))
        let counts = registry.attemptCounts
        answer(session, request) {
            $0.listAttempts.attempts = attempts.map { WireAttempt($0, hostname: hostname(of: $0)) }
            $0.listAttempts.failing = registry.failingPeers().prefix(Self.attemptsPerAnswerMax).map { _, caller in
                var peer = WireFailingPeer()
                peer.last = WireAttempt(caller.last, hostname: hostname(of: caller.last))
                peer.count = UInt32(clamping: caller.count)
                peer.firstUnixMs = caller.firstAt.unixMilliseconds
                peer.intervalMs = UInt64(clamping: caller.interval?.inMilliseconds ?? 0)
                return peer
            }
            $0.listAttempts.noted = counts.noted
            $0.listAttempts.dropped = counts.dropped
        }
    }

    /// How far back a probe's own attempts are told.
    static let notesAgeMax = Duration.seconds(300)
    /// Ports that one question may name.
    static let notesPortsMax = 64

    /// A probe's own attempts, and nobody else's: from its address, at ports that it has used itself.
    func compareNotes(_ query: WireCompareNotesRequest, of peer: String, _ request: UInt64, _ session: SessionID) {
        let earliest = now - Self.notesAgeMax
        let since = max(earliest, Instant(unixMilliseconds: query.sinceUnixMs))
        let ports = Set(query.ports.prefix(Self.notesPortsMax))
        let host = Attempt(peer: peer, at: now, progress: .connected, end: .open, reason: .visited).address
        let own = registry.attempts(AttemptQuery(peer: host, since: since, limit: AttemptJournal.attemptsMax))
            .filter { attempt in
                attempt.peer.split(separator: ":").last.flatMap { UInt32($0) }.map(ports.contains) ?? false
            }
        answer(session, request) {
            $0.compareNotes.attempts = own.prefix(Self.notesPortsMax).map { attempt in
                var told = WireAttempt(attempt, hostname: "")
                // Whose certificate it was is nobody's business but the operators'.
                told.nodeID = Data()
                return told
            }
        }
    }

    private func hostname(of attempt: Attempt) -> String {
        attempt.node.flatMap { registry.node($0)?.facts.hostname } ?? ""
    }
}

extension WireAttempt {
    init(_ attempt: Attempt, hostname: String) {
        self.init()
        peerAddress = attempt.peer
        localAddress = attempt.local
        atUnixMs = attempt.at.unixMilliseconds
        lastedMs = UInt64(clamping: attempt.lasted.inMilliseconds)
        progress = WireAttemptProgress(rawValue: Int(attempt.progress.rawValue)) ?? .unspecified
        end = WireAttemptEnd(rawValue: Int(attempt.end.rawValue)) ?? .unspecified
        reason = attempt.reason.word
        failure = attempt.reason.isFailure
        detail = attempt.detail
        bytesIn = attempt.bytesIn
        bytesOut = attempt.bytesOut
        serverName = attempt.serverName
        if let node = attempt.node { nodeID = Data(node.bytes) }
        self.hostname = hostname
        issuer = attempt.issuer
        validFromUnixMs = attempt.validFrom?.unixMilliseconds ?? 0
        validUntilUnixMs = attempt.validUntil?.unixMilliseconds ?? 0
    }
}
