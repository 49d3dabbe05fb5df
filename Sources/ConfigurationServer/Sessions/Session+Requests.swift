internal import Registry
internal import RollcallProtocol
internal import SwiftProtobuf

/// From bytes to requests, and to whoever answers them.
extension Session {
    /// Bytes arrived. Messages that came whole are read where they lie.
    func received(_ bytes: Span<UInt8>) {
        let home = self.home
        do throws(FrameError) {
            guard !isInsideFrame else { return try receivedRest(bytes, home) }
            var position = 0
            while let message = try FrameDecoder.wholeMessage(
                in: bytes, at: position, messageBytesMax: Int(messageBytesMax))
            {
                position = message.upperBound
                handle(bytes.extracting(message), home)
                // It has none once it has ended.
                guard transport != nil else { return }
            }
            if position < bytes.count { try keep(bytes.extracting(position..<bytes.count)) }
        } catch {
            protocolError(error.status, error.description)
        }
    }

    private func receivedRest(_ bytes: Span<UInt8>, _ home: SessionLoop) throws(FrameError) {
        try decoder.decode(bytes) { message in
            handle(message, home)
            return transport != nil
        }
        isInsideFrame = decoder.isInsideFrame
    }

    private func keep(_ rest: Span<UInt8>) throws(FrameError) {
        try decoder.keep(rest)
        isInsideFrame = true
    }

    func takeMessages(upTo bytesMax: Int) {
        messageBytesMax = Int32(clamping: bytesMax)
        decoder.messageBytesMax = bytesMax
    }

    @inline(__always)
    private func handle(_ message: Span<UInt8>, _ home: SessionLoop) {
        if isAdmitted, let slot, let beat = PlainHeartbeat(message) {
            let reply = home.liveness.value.heartbeat(
                slot, sequence: beat.sequence, bootTag: beat.bootTag, sentUnixMilliseconds: beat.sentUnixMilliseconds,
                at: home.now)
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
        hasRequested = true
        switch machine.received(request.method, id: request.id) {
        case .refuse(let status, let why):
            if status == .permissionDenied, machine.peer == .stranger { noteRefusal(.certificateMissing, why) }
            guard machine.isDraining, status == .unavailable else { return send(.refusal(request.id, status, why)) }
            askToComeBack()
            send(.refusal(request.id, status, why))
            finish(.serverDrained)
        case .answerHere: answerPing(request)
        case .askRegistry: ask(request)
        case .enrol: enrol(request.enroll, id: request.id)
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
        noteLife()
        var response = WireResponse()
        response.id = request.id
        response.ping.payload = request.ping.payload
        response.ping.serverVersion = Version.text
        response.ping.fleet = home.settings.fleet
        response.ping.readiness = home.readiness
        response.ping.serverTimeUnixMs = home.now.unixMilliseconds
        response.ping.observedAddress = peerAddress
        response.ping.identity =
            switch machine.peer {
            case .stranger, .newcomer: ""
            case .node(let id): "rollcall://\(home.settings.fleet)/node/\(id)"
            case .operator(let name): "rollcall://\(home.settings.fleet)/operator/\(name)"
            }
        send(response)
    }

    /// A sign of life that is no heartbeat. For a session that was silent it is news.
    private func noteLife() {
        guard let slot, case .heardAgain = home.liveness.value.heard(slot, at: home.now) else { return }
        home.tell(.heardAgain, of: id)
    }

    private func ask(_ request: WireRequest) {
        switch request.method {
        case .register(let register):
            guard case .node(let node) = machine.peer else { return }
            switch Registration.make(from: register, id: node, session: id, connection: facts) {
            case .failure(let refusal):
                _ = machine.answered()
                noteRefusal(.factsMalformed, refusal.description)
                send(.refusal(request.id, .invalidArgument, refusal.description))
            case .success(let registration):
                noteLife()
                slot = slot ?? home.admit(self, bootID: registration.facts.bootID)
                home.tell(.register(registration, request: request.id), of: id)
            }
        case .heartbeat(let beat):
            heartbeatWithNews(beat, request: request.id)
        case .leave(let leave):
            home.tell(.leave(LeaveReason(leave.reason), request: request.id), of: id)
        case .compareNotes(let query):
            home.tell(.compareNotes(query, peer: peerAddress, request: request.id), of: id)
        default:
            home.tell(.operatorRequest(request), of: id)
        }
    }

    /// A heartbeat that tells of changes, or that another encoder wrote in another order.
    private func heartbeatWithNews(_ beat: WireHeartbeatRequest, request: UInt64) {
        guard let slot else {
            _ = machine.answered()
            return send(
                .refusal(request, .failedPrecondition, "not registered on this connection; send Register first"))
        }
        let reply = home.liveness.value.heartbeat(
            slot, sequence: beat.sequence, bootTag: beat.bootTag, sentUnixMilliseconds: beat.sentUnixMs, at: home.now)
        home.countHeartbeat()
        if case .heardAgain = reply { home.tell(.heardAgain, of: id) }
        if beat.hasDataPath, let path = Registry.DataPath(beat.dataPath, at: home.now) {
            home.tell(.dataPath(path), of: id)
        }
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
