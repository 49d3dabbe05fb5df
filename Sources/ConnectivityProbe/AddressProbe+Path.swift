internal import ErrorCatalogue
internal import EventLoop

/// The way there: route, echo, sizes, how far packets get.
extension AddressProbe {
    func look(_ step: ProbeStep) {
        let look = RouteLook(to: address, settings.dial)
        let interfaces = NetworkInterface.all()
        pathLook.source = look.source
        pathLook.routeBytes = look.pathBytes
        pathLook.interface = interfaces.first { interface in
            look.source.map { interface.addresses.contains($0.host) } ?? false
        }
        if address.family == .ipv4, pathLook.interface?.kind != .loopback {
            pathLook.gateway = RouteTable(SmallFile.text("/proc/net/route") ?? "").gateway(to: address.host)
        }
        done(RouteFindings.check(look, interfaces, at: address, gateway: pathLook.gateway))
    }

    /// Of a path that loses one packet in five each way, one probe in a hundred sees none of ten get lost.
    static let pings = 10

    func ping(_ step: ProbeStep) {
        echo = EchoProbe(
            to: address, count: Self.pings, every: settings.limits.echoInterval, within: step.limit, settings.dial,
            on: loop
        ) { [weak self] figures in
            guard let self else { return }
            pathLook.echo = figures
            done(EchoFindings.check(figures, at: address))
        }
    }

    func size(_ step: ProbeStep) {
        sizes = PathSizes(
            to: address, settings, serverName: serverName, routeBytes: pathLook.routeBytes, on: loop,
            onFigures: { [weak self] in self?.figures.append($0) }
        ) { [weak self] outcome, took in
            guard let self else { return }
            if let attempt = sizes?.made { made.append(attempt) }
            var outcome = outcome
            // Pings are small: a limit of size loses none of them.
            if case .blackHole = outcome, LossFindings.isPartial(pathLook.echo) { outcome = .byChance }
            if case .blackHole(let passing, _) = outcome {
                pathLook.largestBytes = passing + SegmentSearch.headerBytes(isIPv6: address.family == .ipv6)
                // A handshake that has not been answered by now will not be.
                add(PathSizeFindings.check(outcome, at: address, took: took))
                if !checks.contains(where: { $0.kind == .tls }) { stranger?.giveUp() }
                return proceed()
            }
            done(PathSizeFindings.check(outcome, at: address, took: took))
        }
    }

    func follow(_ step: ProbeStep) {
        let tcp = checks.first { $0.kind == .tcp }
        if let nearer = refusedNearer(tcp) { return done(nearer) }
        guard tcp?.symptom == .filtered || tcp?.symptom == .unreachable || tcp?.symptom == .refused else {
            return done(
                Check(
                    .trace, at: address, .unknown, nil, Phrase("not followed: the answer says enough", "未循路查看：回應已經說明")))
        }
        trace = HopTrace(to: address, settings.dial, within: step.limit, on: loop) { [weak self] answers, took in
            guard let self else { return }
            hasArrived = answers.values.contains(.arrived)
            let answersEcho = pathLook.echo?.roundTrips.isEmpty == false
            done(
                HopTrace.check(
                    answers, at: address, answersEcho: answersEcho, gateway: pathLook.gateway, took: took))
        }
    }

    /// A refusal that passed fewer routers than the machine's answer to a ping did not come from the machine.
    private func refusedNearer(_ tcp: Check?) -> Check? {
        guard tcp?.symptom == .refused, let reset = resets?.hopsLeft, let answer = pathLook.echo?.hopsLeft else {
            return nil
        }
        let (nearer, whole) = (EchoFindings.routers(hopsLeft: reset), EchoFindings.routers(hopsLeft: answer))
        guard nearer != whole else { return nil }
        return Check(
            .trace, at: address, .failed, .refusedOnTheWay,
            Phrase(
                "the refusal passed \(nearer) router\(nearer == 1 ? "" : "s"), the machine's answer to a ping \(whole): "
                    + "something in between refuses in its name",
                "拒絕的回應經過 \(nearer) 部路由器，該機對 ping 的回應經過 \(whole) 部：中間有東西冒名拒絕"))
    }

    /// Ends what has not ended by now: a path that is so slow is judged by what is known of it.
    func runOut() {
        if isRunning(.tls) { stranger?.giveUp() }
        for kind in unfinished {
            let late = Phrase("not finished in the time there is", "在時限內沒有完成")
            switch kind {
            case .tcp: add(Check(kind, at: address, .failed, .filtered, late))
            case .ping: add(Check(kind, at: address, .failed, .pingUnanswered, late))
            default: add(Check(kind, at: address, .unknown, nil, late))
            }
        }
        end()
    }

    func judgeLoss() {
        pathLook.segmentsSent = figures.map(\.segmentsSent).reduce(0, +)
        pathLook.segmentsSentAgain = figures.map(\.segmentsSentAgain).reduce(0, +)
        // Segments of a path that swallows large ones are sent again for that reason.
        guard !settings.isQuick, !checks.contains(where: { $0.symptom == .pathMTU }) else { return }
        let arrivedLater = checks.contains { $0.symptom == .filtered } && hasArrived
        if checks.contains(where: { $0.symptom?.mayBeLoss == true }),
            let heavy = LossFindings.heavy(
                figures, echo: pathLook.echo, slowConnect: checks.contains { $0.symptom == .slowConnect },
                arrivedLater: arrivedLater, at: address)
        {
            return add(heavy)
        }
        // So are those of a path whose size was learned only then.
        let steady = figures.filter { $0.pathBytes >= min(pathLook.routeBytes ?? 0, 65_535) }
        let check = LossFindings.check(
            steady, echo: pathLook.echo, at: address, limits: settings.limits)
        if let check { add(check) }
    }
}
