internal import EventLoop
internal import Logging
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

/// Connections of machines that come to enrol (ALPN `rollcall-enroll/1`): nothing else is served on them.
extension Session {
    /// TLS is up. What was asked for by ALPN is refused where TLS does not fit it.
    func beginEnrolment(_ tls: TLSFacts) {
        machine.established(.newcomer)
        takeMessages(upTo: machine.messageBytesMax)
        guard tls.version == "TLSv1.3", !tls.channelBinding.isEmpty, !tls.hasPeerCertificate, !tls.isResumed else {
            let why = "enrolment takes a new TLS 1.3 connection without a certificate"
            nothingCameOfIt(.protocolError, why)
            send(.refusal(0, .permissionDenied, why))
            return finish(.protocolError(why))
        }
        arrival?.enrolment = EnrolmentRun(channelBinding: tls.channelBinding)
        home.reconsider(self)
    }

    /// One step of it.
    func enrol(_ request: WireEnrollRequest, id: UInt64) {
        guard var run = arrival?.enrolment else { return }
        let address = SocketAddress(parsing: peerAddress)?.host ?? peerAddress
        let outcome = run.take(
            request, at: home.trust.enrolment, guesses: home.trust.guesses, from: address, now: home.now)
        arrival?.enrolment = run
        switch outcome {
        case .answer(let response): answer(response, id)
        case .admitted(let response, let admitted):
            home.log.notice(
                "enrolled \(admitted.id.uuidString.lowercased()) as “\(run.hostname)” by the fleet's passphrase",
                metadata: logMetadata)
            arrival?.isNoted = true
            answer(response, id)
            finish(.closedWithoutGoodbye)
        case .refuse(let status, let why, let reason):
            nothingCameOfIt(reason, enrolmentDetail(why))
            send(.refusal(id, status, why))
            finish(.closedByServer(why))
        }
    }

    /// The connection ends in the middle: whoever goes after the server's proof and before its own has made a guess.
    func noteUnfinishedEnrolment(ended loss: ConnectionLoss) {
        guard let run = arrival?.enrolment, run.isInDoubt, arrival?.failure == nil, loss != .serverDrained else {
            return
        }
        nothingCameOfIt(
            .wrongPassphrase,
            enrolmentDetail("it went away after the server's proof, as one does whose passphrase differs"))
    }

    private func enrolmentDetail(_ why: String) -> String {
        let name = arrival?.enrolment?.hostname ?? ""
        return name.isEmpty ? why : "as “\(name)”: \(why)"
    }

    private func answer(_ enrolment: WireEnrollResponse, _ id: UInt64) {
        var response = WireResponse()
        response.id = id
        response.enroll = enrolment
        send(response)
    }
}
