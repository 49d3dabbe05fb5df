internal import EventLoop
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

// MARK: - TLS

extension Session: SecureStreamDelegate {
    func secureStream(_ stream: SecureStream, established tls: TLSFacts, peer: PeerIdentity?) {
        arrival?.facts = ConnectionFacts(
            peerAddress: stream.peerAddress?.description ?? "", localAddress: stream.localAddress?.description ?? "",
            tlsVersion: tls.version,
            certificateUntil: peer.map { Instant(unixMilliseconds: $0.notAfterUnixSeconds * 1_000) },
            issuer: peer.map { home.trust.issuer(tagged: $0.issuerTag) } ?? "")
        lastRequestAt = home.now
        if tls.applicationProtocol == TLSContext.enrolmentProtocol { return beginEnrolment(tls) }
        machine.established(home.peer(for: peer))
        takeMessages(upTo: machine.messageBytesMax)
        if tls.hasPeerCertificate, machine.peer == .stranger {
            let why =
                "its certificate names \(peer?.uri ?? "no rollcall:// identity"), which is no node or operator of fleet “\(home.settings.fleet)”"
            nothingCameOfIt(.wrongFleet, why)
            send(.refusal(0, .permissionDenied, why))
            return finish(.protocolError(why))
        }
        if let peer, machine.peer != .stranger {
            proof = PeerProof(peer)
            // The list may have changed since the handshake looked.
            if closeIfRevoked() { return }
            home.proven(self)
            if case .node = machine.peer { home.pace.count(resumed: tls.isResumed) }
        }
        if case .operator = machine.peer { stream.keepAlive(after: .seconds(60)) }
        home.reconsider(self)
        home.log.debug(
            "session established over \(tls.version)\(tls.isResumed ? ", resumed" : "")", metadata: logMetadata)
    }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        if slot == nil, machine.phase == .established, machine.peer == .stranger, !decoder.isInsideFrame,
            PlainGreeting.looksLikeHTTP(bytes)
        {
            nothingCameOfIt(.http, "it spoke HTTP over TLS; it got the page that says so")
            transport?.write(
                PlainGreeting.page(
                    overTLS: true, hostname: home.settings.hostname, isDraining: machine.isDraining
                ).span)
            return finish(.protocolError("HTTP over TLS"))
        }
        received(bytes)
    }

    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {
        guard let arrival else { return }
        arrival.facts.peerAddress = stream.peerAddress?.description ?? ""
        arrival.plainBytes += bytes.count
        for position in 0..<bytes.count where arrival.plainStart.count < PlainGreeting.startBytesMax {
            arrival.plainStart.append(bytes[position])
        }
        // A person types a line, a program sends a request: answer at its end, or when there has been enough of it.
        var ended = arrival.plainBytes >= PlainGreeting.requestBytesMax
        for position in 0..<bytes.count where bytes[position] == UInt8(ascii: "\n") { ended = true }
        guard ended else { return }
        let isHTTP = PlainGreeting.looksLikeHTTP(arrival.plainStart.span)
        nothingCameOfIt(
            isHTTP ? .http : .plainText,
            "it spoke plain \(isHTTP ? "HTTP" : "text") on the TLS port; it got an answer that says so")
        stream.writePlain(
            isHTTP
                ? PlainGreeting.page(
                    overTLS: false, hostname: home.settings.hostname, isDraining: machine.isDraining)
                : PlainGreeting.line(hostname: home.settings.hostname, isDraining: machine.isDraining))
        finish(.protocolError("plain text on the TLS port"))
    }

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        switch reason {
        case .closedByPeer, .endedWithoutClosing:
            if machine.phase == .accepted {
                notePlace()
                nothingCameOfIt(.abandoned, "closed by the peer before the TLS handshake was done")
                return finish(.closedWithoutGoodbye)
            }
            if machine.peerFinished() { finish(.closedWithoutGoodbye) }
        case .reset:
            if machine.phase == .accepted {
                notePlace()
                nothingCameOfIt(.reset, "reset by the peer before the TLS handshake was done")
            }
            end(.reset)
        case .tls(let text, let refusal):
            notePlace()
            nothingCameOfIt(
                AttemptReason(
                    refusal, wasSecured: machine.phase != .accepted,
                    ownIsValid: home.now < home.trust.certificateUntil), text)
            end(machine.phase == .accepted ? .closedByServer(text) : .protocolError(text))
        case .tooSlow:
            home.log.notice("the peer reads too slowly; closing", metadata: logMetadata)
            transport?.reset()
            end(.closedByServer("slow reader"))
        case .failed(let error): end(error.isTimedOut ? .timedOut : .reset)
        case .connectFailed: end(.reset)
        }
    }
}

// MARK: - local socket

extension Session: ByteStreamHandler {
    func streamConnected(_ stream: ByteStream) {}
    func stream(_ stream: ByteStream, connectFailed error: LoopError) {}

    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) { received(bytes) }

    func stream(_ stream: ByteStream, ended end: StreamEnd) {
        switch end {
        case .finished: if machine.peerFinished() { finish(.closedWithoutGoodbye) }
        case .reset, .failed: finish(.reset)
        case .tooSlow: finish(.closedByServer("slow reader"))
        }
    }
}
