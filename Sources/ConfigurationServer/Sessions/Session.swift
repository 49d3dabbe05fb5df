internal import EventLoop
internal import Logging
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

/// One connection, of an agent, an operator or a stranger. Confined to its loop. `SessionMachine` decides, this carries
/// out; a heartbeat that tells nothing new is answered here, without leaving the loop. There is one for each connection: the order
/// of its fields leaves no gaps.
final class Session {
    let id: SessionID
    unowned let home: SessionLoop
    var transport: SessionTransport?
    var decoder = FrameDecoder(messageBytesMax: FrameLimits.unauthenticatedMessageBytesMax)
    /// What is known of the peer until it is in, and of one that never is.
    var arrival: Arrival? = Arrival()
    /// Server time at which the session began, got through the handshake, and last said something.
    private(set) var acceptedAt: Instant
    var lastRequestAt: Instant
    var machine = SessionMachine()
    /// What its peer proved itself with; nil for strangers and local operators.
    var proof: PeerProof?
    /// How the census counts it.
    var count = ConnectionCensus.Count.uncounted
    // Each of these says in a word what the machine or the decoder knows: a heartbeat looks at nothing that is changed by
    // calls, which would cost it a look into the runtime's table of accesses each time.
    /// Whether a frame has begun and not ended.
    var isInsideFrame = false
    /// Whether the node is in, so that plain heartbeats are answered here.
    var isAdmitted = false
    /// Its clock, from the first registration on.
    var slot: LivenessSlot?
    /// Whether a request has come since the handshake.
    var hasRequested = false
    /// Longest message taken now.
    var messageBytesMax = Int32(FrameLimits.unauthenticatedMessageBytesMax)

    init(id: SessionID, home: SessionLoop, at now: Instant) {
        self.id = id
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
        hasRequested = true
        takeMessages(upTo: machine.messageBytesMax)
        arrival?.facts.peerAddress = user
        stream.start(self)
    }

    // MARK: answers

    /// What the owner of the registry says.
    func deliver(_ reply: SessionReply) {
        guard machine.phase != .closed else { return }
        switch reply {
        case .registered(let response, let admitted, let why, let path):
            if let why { noteRefusal(why, response.message) }
            if admitted {
                machine.admitted()
                isAdmitted = machine.phase == .admitted
                forgetArrival()
                // A registration that was sent before and refused after this one has taken the clock away.
                slot = slot ?? home.admit(self, bootID: [])
                if let path, let slot { home.liveness.value.recall(path, for: slot) }
            } else if machine.phase == .established, let slot {
                _ = home.liveness.value.disconnect(slot)
                self.slot = nil
            }
            send(response)
            finishIfDone(machine.answered(response.id))
        case .answer(let response, let isLast):
            if !isLast, let transport, transport.pendingBytes > home.settings.pendingOutputMax / 2 {
                return endWatch(response.id)
            }
            send(response)
            if isLast { finishIfDone(machine.answered(response.id)) }
        case .left(let response):
            machine.left()
            isAdmitted = false
            if let slot { _ = home.liveness.value.disconnect(slot) }
            slot = nil
            send(response)
            home.reconsider(self)
            finishIfDone(machine.answered(response.id))
        case .notice(let notice):
            var response = WireResponse()
            response.notice = notice
            send(response)
        case .ask: putQuestion()
        case .close(let reason):
            home.log.info("closing session: \(reason)", metadata: logMetadata)
            send(.refusal(0, .aborted, reason))
            finish(.closedByServer(reason))
        }
    }

    private func endWatch(_ request: UInt64) {
        send(.refusal(request, .resourceExhausted, "you read too slowly: events were waiting; ask again to go on"))
        home.log.notice("an operator reads too slowly; its watch was ended", metadata: logMetadata)
        finish(.closedByServer("slow reader"))
    }

    func send(_ response: WireResponse) {
        transport?.write(FrameEncoder.frame(response).span)
    }

    func protocolError(_ status: StatusCode, _ why: String) {
        guard machine.phase != .closed else { return }
        send(.refusal(0, status, why))
        home.log.notice("protocol error: \(why)", metadata: logMetadata)
        arrival?.failure = (.protocolError, why)
        finish(.protocolError(why))
    }

    // MARK: time and end

    /// When this session has to be looked at next.
    func deadline() -> Instant {
        let limits = home.settings
        switch machine.phase {
        case .accepted: return acceptedAt + limits.handshakeTimeout
        case .established:
            return lastRequestAt + (machine.watches.isEmpty ? idleLimit : .seconds(365 * 86_400))
        case .admitted:
            let heard = slot.flatMap { home.liveness.value.lastHeard($0) } ?? lastRequestAt
            return heard + limits.idleTimeout
        case .left: return lastRequestAt + limits.firstMessageTimeout
        case .closed: return acceptedAt
        }
    }

    /// The server's clock was set.
    func move(by step: Duration) {
        acceptedAt = acceptedAt + step
        lastRequestAt = lastRequestAt + step
    }

    private var idleLimit: Duration {
        if !hasRequested || machine.peer == .newcomer { return home.settings.firstMessageTimeout }
        if case .operator = machine.peer { return home.settings.operatorIdleTimeout }
        return home.settings.idleTimeout
    }

    /// Its deadline came and it has not moved.
    func expire() {
        switch machine.phase {
        case .accepted:
            notePlace()
            nothingCameOfIt(
                transport?.handshakeBegan ?? false ? .stalled : .silent,
                "no TLS handshake within \(home.settings.handshakeTimeout.text)")
            transport?.reset()
            end(.timedOut)
        case .established where !hasRequested:
            nothingCameOfIt(
                .nothingAsked, "TLS is up, but no request came within \(home.settings.firstMessageTimeout.text)")
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

    func finishIfDone(_ done: Bool) {
        if done { finish(.closedWithoutGoodbye) }
    }

    /// Sends what waits, closes, and tells.
    func finish(_ loss: ConnectionLoss) {
        transport?.close()
        end(loss)
    }

    /// Asks the peer to come back in its slot, and closes.
    func drain() {
        machine.drain()
        if machine.phase == .admitted || machine.phase == .established { askToComeBack() }
        finish(.serverDrained)
    }

    /// The notice that says when to come back.
    func askToComeBack() {
        var response = WireResponse()
        response.notice.comeBack.afterMs = UInt32(clamping: home.nextAbsence().inMilliseconds)
        response.notice.comeBack.reason = home.draining?.reason ?? ""
        send(response)
    }

    /// The connection is gone, whoever ended it.
    func end(_ loss: ConnectionLoss) {
        let phase = machine.phase
        guard phase != .closed else { return }
        home.log.debug("session ended: \(loss)", metadata: logMetadata)
        noteUnfinishedEnrolment(ended: loss)
        noteAttempt(ended: loss)
        machine.closed()
        isAdmitted = false
        let transport = self.transport
        self.transport = nil
        let lastWords = slot.flatMap { home.liveness.value.disconnect($0) }
        slot = nil
        switch machine.peer {
        case .node where phase == .admitted || machine.outstanding > 0:
            home.tell(.lost(loss, lastWords), of: id)
        case .operator: home.tell(.operatorGone, of: id)
        default: break
        }
        home.forget(self, transport)
    }

    var logMetadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "session": "\(id.loop).\(SessionTable.ordinal(of: id.number))", "from": "\(peerAddress)",
        ]
        switch machine.peer {
        case .stranger, .newcomer: break
        case .node(let node): metadata["node"] = "\(node)"
        case .operator(let name): metadata["operator"] = "\(name)"
        }
        return metadata
    }
}
