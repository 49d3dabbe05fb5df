public import Logging
internal import RollcallProtocol

/// What an agent says about itself, in log lines with stable words: nothing for each heartbeat, one line for each thing
/// that changes. The same trouble again and again is said once at `warning`, then at `info`.
public struct AgentLog {
    private let logger: Logger
    private var lastTrouble: String?

    /// Writes to this logger.
    public init(_ logger: Logger) { self.logger = logger }

    /// Writes the line that belongs to an event, if one does.
    public mutating func write(_ event: AgentEvent) {
        switch event {
        case .registered(let registration):
            lastTrouble = nil
            logger.notice(
                "registered",
                metadata: [
                    "node": "\(registration.nodeID.uuidText)", "heartbeat-interval": "\(registration.interval.text)",
                    "server-version": "\(registration.serverVersion)", "seen-from": "\(registration.observedAddress)",
                ])
        case .registrationRefused(let code, let message):
            trouble("registration refused", ["status": "\(code)", "reason": "\(message)"])
        case .dialFailed(let reason): trouble("cannot connect", ["reason": "\(reason)"])
        case .connectionLost(let reason): trouble("connection lost", ["reason": "\(reason)"])
        case .nextAttempt(let delay): logger.info("next attempt", metadata: ["in": "\(delay.rounded.text)"])
        case .toldToComeBack(let delay, let reason):
            logger.notice(
                "asked to come back later", metadata: ["in": "\(delay.rounded.text)", "reason": "\(reason)"])
        case .intervalChanged(let old, let new):
            logger.info("heartbeat interval changed", metadata: ["from": "\(old.text)", "to": "\(new.text)"])
        case .fullReportAsked: logger.info("server asks for a full report")
        case .asked: logger.info("server asks whether the agent lives")
        case .heartbeatAnswered(let delay): logger.trace("heartbeat answered", metadata: ["after": "\(delay)"])
        case .heartbeatRefused(let code, let message):
            trouble("heartbeat refused", ["status": "\(code)", "reason": "\(message)"])
        case .objection(let code, let message):
            trouble("server objects", ["status": "\(code)", "reason": "\(message)"])
        case .servicesChanged(let services):
            for service in services { write(service) }
        case .dataPathChanged(let path):
            logger.log(
                level: path.open ? .notice : .warning,
                path.open ? "process server can be reached" : "process server cannot be reached",
                metadata: [
                    "process-server": "\(path.processServer):\(path.port)",
                    "reason": "\(path.open ? "TLS gets through" : path.detail)",
                ])
        case .otherServer(let tag, let before, let isBack):
            logger.warning(
                isBack
                    ? "two configuration servers of one identity take turns: one is a copy; stop it"
                    : "this configuration server is older than the one before: restored from a backup, or a copy of it",
                metadata: ["server": "\(tag.words)", "before": "\(before.words)"])
        case .clockDiffers(let skew):
            logger.warning(
                "clock differs from the server's: check time synchronisation on both machines",
                metadata: ["by": "\(Int(skew / .seconds(1)))s"])
        case .saidGoodbye(let confirmed):
            logger.notice("said goodbye", metadata: ["confirmed": "\(confirmed)"])
        }
    }

    private func write(_ service: WireServiceReport) {
        logger.log(
            level: service.state == .running ? .info : .warning, "service",
            metadata: [
                "name": "\(service.name)", "state": "\(service.state.words)", "start": "\(service.startType.words)",
                "detail": "\(service.detail)",
            ])
    }

    private mutating func trouble(_ what: String, _ facts: Logger.Metadata) {
        let text = "\(what) \(facts.sorted { $0.key < $1.key })"
        logger.log(level: text == lastTrouble ? .info : .warning, "\(what)", metadata: facts)
        lastTrouble = text
    }
}

extension WireServerTag {
    /// For people who look for it.
    fileprivate var words: String {
        "\(host.oneLine), start \(start), run \(String(run, radix: 16)), registry \(Array(registryID).uuidText)"
    }
}

extension WireServiceState {
    /// One lower-case word or two.
    var words: String {
        switch self {
        case .running: "running"
        case .stopped: "stopped"
        case .starting: "starting"
        case .stopping: "stopping"
        case .notInstalled: "not installed"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }
}

extension WireStartType {
    /// One lower-case word or two.
    var words: String {
        switch self {
        case .automatic: "automatic"
        case .automaticDelayed: "automatic, delayed"
        case .manual: "manual"
        case .disabled: "disabled"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }
}

extension Duration {
    /// For people: whole tenths of a second below ten seconds, else whole seconds.
    fileprivate var rounded: Duration {
        let step: Duration = self < .seconds(10) ? .milliseconds(100) : .seconds(1)
        return step * Int((self / step).rounded())
    }
}

extension [UInt8] {
    /// 16 bytes as a UUID is written; other lengths as plain digits.
    fileprivate var uuidText: String {
        let digits = HexID.text(of: self)
        guard count == 16 else { return digits }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
