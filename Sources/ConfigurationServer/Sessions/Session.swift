internal import EventLoop
internal import Logging
internal import Registry
internal import RollcallProtocol
internal import SecureTransport
internal import SwiftProtobuf

/// One connection, of an agent, an operator or a stranger. Confined to its loop. `SessionMachine` decides, this carries
/// out; a heartbeat that tells nothing new is answered here, without leaving the loop.
final class Session {
    let id: SessionID
    unowned let home: SessionLoop
    /// Place in its loop's table of time limits.
    let place: Int32
    /// How the census counts it.
    var count = ConnectionCensus.Count.uncounted
    private(set) var machine = SessionMachine()
    private var transport: SessionTransport?
    private var decoder = FrameDecoder(messageBytesMax: FrameLimits.unauthenticatedMessageBytesMax)
    /// Its clock, from the first registration on.
    private var slot: LivenessSlot?
    private var facts = ConnectionFacts()
    /// Server time at which the session began, got through the handshake, and last said something.
    private let acceptedAt: Instant
    private var lastRequestAt: Instant
    private var plainBytes = 0
    private var watches = 0

    init(id: SessionID, place: Int32, home: SessionLoop, at now: Instant) {
        self.id = id
        self.place = place
        self.home = home
        acceptedAt = now
        lastRequestAt = now
    }

    /// Waits for a TLS handshake on an accepted stream.
    func start(_ stream: ByteStream) {
        stream.pendingBytesMax = home.settings.pendingOutputMax
        do {
            transport = .secure(try SecureStream(accepting: stream, context: home.tls, delegate: self))
        } catch {
            home.log.error("cannot make a TLS session: \(error)")
            end(.closedByServer("out of memory"))
        }
    }

    /// Talks with an operator on the local socket: whoever can open it, may.
    func startLocal(_ stream: ByteStream) {
        transport = .local(stream)
        stream.pendingBytesMax = home.settings.pendingOutputMax
        let user = stream.peerUserID.map { "local user \($0)" } ?? "local user"
        machine.established(.operator(user))
        decoder.messageBytesMax = machine.messageBytesMax
        facts.peerAddress = user
        stream.start(self)
    }

    // MARK: requests

    private func received(_ bytes: Span<UInt8>) {
        do throws(FrameError) {
            try decoder.decode(bytes) { message in
                handle(message)
                return machine.phase != .closed
            }
        } catch {
            protocolError(error.status, error.description)
        }
    }

    @inline(__always)
    private func handle(_ message: Span<UInt8>) {
        if machine.phase == .admitted, let slot, let beat = PlainHeartbeat(message) {
            let now = home.now
            let reply = home.liveness.heartbeat(
                slot, sequence: beat.sequence, bootTag: beat.bootTag, sentUnixMilliseconds: beat.sentUnixMilliseconds,
                at: now)
            home.countHeartbeat()
            var wantsFullReport = false
            switch reply {
            case .acknowledged: break
            case .wantsFullReport: wantsFullReport = true
            case .heardAgain(let wanted):
                wantsFullReport = wanted
                home.tell(.heardAgain, of: id)
            case .notRegistered: break
            }
            let answer = HeartbeatAnswer(
                requestID: beat.requestID, intervalMilliseconds: home.intervalMilliseconds,
                reportInFull: wantsFullReport)
            transport?.write(answer.bytes.span.extracting(0..<answer.count))
        } else {
            handleGeneral(message)
        }
    }

    private func handleGeneral(_ message: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count)
        for position in 0..<message.count { bytes.append(message[position]) }
        guard let request = try? WireRequest(serializedBytes: bytes) else {
            return protocolError(.invalidArgument, "message of \(bytes.count) bytes is not a rollcall.v1.Request")
        }
        guard request.id != 0 else {
            return protocolError(.invalidArgument, "request id is 0, which notices have; count from 1")
        }
        lastRequestAt = home.now
        switch machine.received(request.method) {
        case .refuse(let status, let why): send(.refusal(request.id, status, why))
        case .answerHere: answerPing(request)
        case .askRegistry: ask(request)
        }
    }

    private func answerPing(_ request: WireRequest) {
        let limit = 64
        guard request.ping.payload.count <= limit else {
            return send(
                .refusal(
                    request.id, .invalidArgument,
                    "payload has \(request.ping.payload.count) bytes, at most \(limit) are sent back"))
        }
        if let slot { _ = home.liveness.heard(slot, at: home.now) }
        var response = WireResponse()
        response.id = request.id
        response.ping.payload = request.ping.payload
        response.ping.serverVersion = Version.text
        response.ping.fleet = home.settings.fleet
        response.ping.readiness = machine.isDraining ? .draining : home.readiness
        response.ping.serverTimeUnixMs = home.now.unixMilliseconds
        response.ping.observedAddress = facts.peerAddress
        response.ping.identity =
            switch machine.peer {
            case .stranger: ""
            case .node(let id): "rollcall://\(home.settings.fleet)/node/\(id)"
            case .operator(let name): "rollcall://\(home.settings.fleet)/operator/\(name)"
            }
        send(response)
    }

    private func ask(_ request: WireRequest) {
        switch request.method {
        case .register(let register):
            guard case .node(let node) = machine.peer else { return }
            switch Registration.make(from: register, id: node, session: id, connection: facts) {
            case .failure(let refusal):
                _ = machine.answered()
                send(.refusal(request.id, .invalidArgument, refusal.description))
            case .success(let registration):
                if let slot { _ = home.liveness.heard(slot, at: home.now) }
                slot = slot ?? home.admit(self, bootID: registration.facts.bootID)
                home.tell(.register(registration, request: request.id), of: id)
            }
        case .heartbeat(let beat):
            heartbeatWithNews(beat, request: request.id)
        case .leave(let leave):
            home.tell(.leave(LeaveReason(leave.reason), request: request.id), of: id)
        default:
            home.tell(.operatorRequest(request), of: id)
            if case .watchErrors = request.method { watches += 1 }
        }
    }

    /// A heartbeat that tells of changes, or that another encoder wrote in another order.
    private func heartbeatWithNews(_ beat: WireHeartbeatRequest, request: UInt64) {
        guard let slot else { return }
        let reply = home.liveness.heartbeat(
            slot, sequence: beat.sequence, bootTag: beat.bootTag, sentUnixMilliseconds: beat.sentUnixMs, at: home.now)
        home.countHeartbeat()
        if case .heardAgain = reply { home.tell(.heardAgain, of: id) }
        let reports: [ServiceReport]
        switch ServiceReport.list(from: beat.services) {
        case .success(let list): reports = list
        case .failure(let refusal):
            _ = machine.answered()
            return send(.refusal(request, .invalidArgument, refusal.description))
        }
        if reports.isEmpty, !beat.hasLoad {
            let wantsFullReport = reply == .wantsFullReport || reply == .heardAgain(wantsFullReport: true)
            send(.heartbeat(request, interval: home.intervalMilliseconds, reportInFull: wantsFullReport))
            finishIfDone(machine.answered())
        } else {
            let load = beat.hasLoad ? Load(beat.load) : nil
            home.tell(.report(services: reports, load: load, request: request), of: id)
        }
    }

    // MARK: answers

    /// What the owner of the registry says.
    func deliver(_ reply: SessionReply) {
        guard machine.phase != .closed else { return }
        switch reply {
        case .registered(let response, let admitted):
            if admitted {
                machine.admitted()
            } else if machine.phase == .established, let slot {
                _ = home.liveness.disconnect(slot)
                self.slot = nil
            }
            send(response)
            finishIfDone(machine.answered())
        case .answer(let response, let isLast):
            if !isLast, let transport, transport.pendingBytes > home.settings.pendingOutputMax / 2 {
                return endWatch(response.id)
            }
            send(response)
            if isLast { finishIfDone(machine.answered()) }
        case .left(let response):
            machine.left()
            if let slot { _ = home.liveness.disconnect(slot) }
            slot = nil
            send(response)
            finishIfDone(machine.answered())
        case .notice(let notice):
            var response = WireResponse()
            response.notice = notice
            send(response)
        case .close(let reason):
            home.log.info("closing session: \(reason)", metadata: logMetadata)
            finish(.closedByServer(reason))
        }
    }

    private func endWatch(_ request: UInt64) {
        send(.refusal(request, .resourceExhausted, "you read too slowly: events were waiting; ask again to go on"))
        home.log.notice("an operator reads too slowly; its watch was ended", metadata: logMetadata)
        finish(.closedByServer("slow reader"))
    }

    private func send(_ response: WireResponse) {
        transport?.write(FrameEncoder.frame(response).span)
    }

    private func protocolError(_ status: StatusCode, _ why: String) {
        guard machine.phase != .closed else { return }
        send(.refusal(0, status, why))
        home.log.notice("protocol error: \(why)", metadata: logMetadata)
        finish(.protocolError(why))
    }

    // MARK: time and end

    /// When this session has to be looked at next.
    func deadline() -> Instant {
        let limits = home.settings
        switch machine.phase {
        case .accepted: return acceptedAt + limits.handshakeTimeout
        case .established:
            return lastRequestAt + (watches > 0 ? .seconds(365 * 86_400) : idleLimit)
        case .admitted:
            let heard = slot.flatMap { home.liveness.lastHeard($0) } ?? lastRequestAt
            return heard + limits.idleTimeout
        case .left: return lastRequestAt + limits.firstMessageTimeout
        case .closed: return acceptedAt
        }
    }

    private var idleLimit: Duration {
        if lastRequestAt == establishedAt { return home.settings.firstMessageTimeout }
        if case .operator = machine.peer { return home.settings.operatorIdleTimeout }
        return home.settings.idleTimeout
    }
    private var establishedAt: Instant?

    /// Its deadline came and it has not moved.
    func expire() {
        switch machine.phase {
        case .accepted:
            nothingCameOfIt("no TLS handshake within \(home.settings.handshakeTimeout.text)")
            transport?.reset()
            end(.timedOut)
        case .established where lastRequestAt == establishedAt:
            nothingCameOfIt("TLS is up, but no request came within \(home.settings.firstMessageTimeout.text)")
            finish(.timedOut)
        case .established, .left:
            finish(.timedOut)
        case .admitted:
            home.log.info("nothing heard for \(home.settings.idleTimeout.text); closing", metadata: logMetadata)
            transport?.reset()
            end(.timedOut)
        case .closed: break
        }
    }

    private func finishIfDone(_ done: Bool) {
        if done { finish(.closedWithoutGoodbye) }
    }

    /// Sends what waits, closes, and tells.
    func finish(_ loss: ConnectionLoss) {
        transport?.close()
        end(loss)
    }

    /// Asks the peer to come back after so long, and closes.
    func drain(comeBackAfter delay: Duration, reason: String) {
        machine.drain()
        if machine.phase == .admitted || machine.phase == .established {
            var response = WireResponse()
            response.notice.comeBack.afterMs = UInt32(clamping: delay.inMilliseconds)
            response.notice.comeBack.reason = reason
            send(response)
        }
        finish(.serverDrained)
    }

    /// The connection is gone, whoever ended it.
    private func end(_ loss: ConnectionLoss) {
        let phase = machine.phase
        guard phase != .closed else { return }
        machine.closed()
        transport = nil
        let lastHeard = slot.flatMap { home.liveness.disconnect($0) }
        slot = nil
        switch machine.peer {
        case .node where phase == .admitted || machine.outstanding > 0:
            home.tell(.lost(loss, lastHeard: lastHeard), of: id)
        case .operator: home.tell(.operatorGone, of: id)
        default: break
        }
        home.log.debug("session ended: \(loss)", metadata: logMetadata)
        home.forget(self)
    }

    private func nothingCameOfIt(_ why: String) {
        home.cameToNothing(why, metadata: logMetadata)
    }

    private var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["session": "\(id.loop).\(id.number)", "from": "\(facts.peerAddress)"]
        switch machine.peer {
        case .stranger: break
        case .node(let node): metadata["node"] = "\(node)"
        case .operator(let name): metadata["operator"] = "\(name)"
        }
        return metadata
    }
}

// MARK: - TLS

extension Session: SecureStreamDelegate {
    func secureStream(_ stream: SecureStream, established tls: TLSFacts, peer: PeerIdentity?) {
        facts = ConnectionFacts(
            peerAddress: stream.peerAddress?.description ?? "", localAddress: stream.localAddress?.description ?? "",
            tlsVersion: tls.version)
        lastRequestAt = home.now
        establishedAt = lastRequestAt
        machine.established(home.peer(for: peer))
        decoder.messageBytesMax = machine.messageBytesMax
        if tls.hasPeerCertificate, machine.peer == .stranger {
            let why =
                "its certificate names \(peer?.uri ?? "no rollcall:// identity"), which is no node or operator of fleet “\(home.settings.fleet)”"
            nothingCameOfIt(why)
            send(.refusal(0, .permissionDenied, why))
            return finish(.protocolError(why))
        }
        if machine.peer != .stranger { home.proven(self) }
        if case .operator = machine.peer { stream.keepAlive(after: .seconds(60)) }
        home.log.debug("session established over \(tls.version)", metadata: logMetadata)
    }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        if machine.phase == .established, machine.peer == .stranger, !decoder.isInsideFrame,
            PlainGreeting.looksLikeHTTP(bytes)
        {
            nothingCameOfIt("it spoke HTTP over TLS; it got the page that says so")
            transport?.write(PlainGreeting.page(overTLS: true, hostname: home.settings.hostname).span)
            return finish(.protocolError("HTTP over TLS"))
        }
        received(bytes)
    }

    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {
        facts.peerAddress = stream.peerAddress?.description ?? ""
        plainBytes += bytes.count
        // A person types a line, a program sends a request: answer at its end, or when there has been enough of it.
        var ended = plainBytes >= PlainGreeting.requestBytesMax
        for position in 0..<bytes.count where bytes[position] == UInt8(ascii: "\n") { ended = true }
        guard ended else { return }
        let isHTTP = PlainGreeting.looksLikeHTTP(bytes)
        nothingCameOfIt("it spoke plain \(isHTTP ? "HTTP" : "text") on the TLS port; it got an answer that says so")
        stream.writePlain(
            isHTTP
                ? PlainGreeting.page(overTLS: false, hostname: home.settings.hostname)
                : PlainGreeting.line(hostname: home.settings.hostname))
        finish(.protocolError("plain text on the TLS port"))
    }

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        switch reason {
        case .closedByPeer, .endedWithoutClosing:
            if machine.phase == .accepted {
                facts.peerAddress = stream.peerAddress?.description ?? ""
                nothingCameOfIt("closed by the peer before the TLS handshake was done")
                return finish(.closedWithoutGoodbye)
            }
            if machine.peerFinished() { finish(.closedWithoutGoodbye) }
        case .reset:
            if machine.phase == .accepted {
                facts.peerAddress = stream.peerAddress?.description ?? ""
                nothingCameOfIt("reset by the peer before the TLS handshake was done")
            }
            end(.reset)
        case .tls(let text, _):
            facts.peerAddress = stream.peerAddress?.description ?? ""
            nothingCameOfIt(text)
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

extension WireResponse {
    /// A refusal; id 0 for one that belongs to no request.
    static func refusal(_ request: UInt64, _ status: StatusCode, _ message: String) -> WireResponse {
        var response = WireResponse()
        response.id = request
        response.status = status.rawValue
        response.message = message
        return response
    }

    /// The answer to a heartbeat.
    static func heartbeat(_ request: UInt64, interval: UInt32, reportInFull: Bool) -> WireResponse {
        var response = WireResponse()
        response.id = request
        response.heartbeat.heartbeatIntervalMs = interval
        response.heartbeat.reportInFull = reportInFull
        return response
    }
}
