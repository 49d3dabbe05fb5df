internal import ErrorCatalogue
internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// Rollcall's own questions.
extension AddressProbe {
    func question(_ step: ProbeStep) {
        let name = tlsLook?.facts.applicationProtocol ?? ""
        guard name == TLSContext.applicationProtocol else {
            return done(
                Check(
                    .ping, at: address, .failed, .notRollcall,
                    name.isEmpty
                        ? Phrase(
                            "TLS works, but it agreed on no application protocol: no Rollcall server",
                            "TLS 正常，但沒有議定應用協定：不是 Rollcall 伺服器")
                        : Phrase(
                            "TLS works, but it speaks \(name): no Rollcall server",
                            "TLS 正常，但它說的是 \(name)：不是 Rollcall 伺服器")))
        }
        ask(checked ?? stranger, shows: checked == nil ? nil : settings.credentials?.identity, step)
    }

    private func ask(_ conversation: TLSConversation?, shows identity: TLSIdentity?, _ step: ProbeStep) {
        guard let conversation else { preconditionFailure("TLS has passed, so there is a connection") }
        let local = conversation.localAddress
        conversation.ping(settings.pings, within: step.limit) { [weak self] outcome, took in
            guard let self else { return }
            if case .answered(let pongs) = outcome,
                let look = PingFindings.look(pongs, at: address, local: local)
            {
                return askRegistry(conversation) { [weak self] registry in
                    self?.answered(look, registry, shows: identity, took)
                }
            }
            let check = PingFindings.failed(outcome, at: address, showedIdentity: identity != nil, took: took)
            guard check.kind == .identity, conversation !== stranger else { return done(check) }
            // It turns this certificate away; what does it tell a stranger?
            add(check)
            ask(stranger, shows: nil, step)
        }
    }

    /// A ping ends on the loop that took it; what heartbeats with news and registrations need is the registry.
    private func askRegistry(_ conversation: TLSConversation, then body: @escaping (Check) -> Void) {
        let watch = Stopwatch()
        let timer = LoopTimer(on: loop)
        var isDecided = false
        func decide(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) {
            guard !isDecided else { return }
            isDecided = true
            timer.cancel()
            body(Check(.registry, at: address, state, symptom, words, took: watch.elapsed))
        }
        timer.start(after: settings.limits.registry) {
            decide(
                .failed, .registrySilent,
                Phrase(
                    "pings are answered at once, its registry does not answer at all", "詢問立刻有回答，登錄卻毫無回應"))
        }
        conversation.compareNotes(.init()) { answer in
            if answer == nil {
                decide(.unknown, nil, Phrase("the server does not tell: it is an older one", "伺服器不說：版本較舊"))
            } else {
                decide(
                    .passed, nil,
                    Phrase("answers: heartbeats and registrations get through to it", "有回應：活動訊號與註冊都到得了"))
            }
        }
    }

    private func answered(_ look: ServerLook, _ registry: Check, shows identity: TLSIdentity?, _ took: Duration) {
        serverLook = look
        add(registry)
        var found = PingFindings.checks(look, shown: identity?.peerIdentity, limits: settings.limits, took: took)
        if identity == nil, settings.credentials?.identity != nil {
            found.removeAll { $0.kind == .identity }
            if !checks.contains(where: { $0.kind == .identity }) {
                found.append(
                    Check(
                        .identity, at: address, .unknown, nil,
                        Phrase("not shown: the server is not trusted", "未出示：伺服器不受信任")))
            }
        }
        let times = [CheckKind.tcp, .tls].map { kind in checks.first { $0.kind == kind }?.took }
        let registration = RegistrationFindings.check(
            connect: times[0], handshake: times[1], version: tlsLook?.facts.version ?? "", roundTrip: look.average,
            at: address)
        (found + [registration].compactMap { $0 }).forEach(add)
        proceed()
    }
}
