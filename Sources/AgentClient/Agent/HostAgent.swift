import Dispatch
internal import EventLoop
import Foundation
public import Logging
internal import RollcallProtocol
internal import SecureTransport

/// The agent of this very machine: its facts, its services and its connection put together, on a loop in the calling
/// thread.
public final class HostAgent {
    private let plan: AgentPlan
    private let credentials: ClientCredentials
    private let version: String

    /// An agent that has not started.
    /// - Throws: `ClientError.badIdentity`.
    public init(_ plan: AgentPlan, version: String) throws(ClientError) {
        self.plan = plan
        self.version = version
        credentials = try ClientCredentials(identityDirectory: plan.identity)
        guard let holder = credentials.holder, case .node = holder.kind else {
            throw .badIdentity(
                path: plan.identity + "/identity.pem",
                fault: "the certificate is not a node's (\(credentials.holder?.uri ?? "")): an agent needs one of "
                    + "'rollcall pki node'")
        }
        guard plan.hostname != nil || HostFacts().hostname != nil else {
            throw .badIdentity(
                path: "/etc/hostname", fault: "this machine has no host name: give it one, or --hostname")
        }
    }

    /// Runs until SIGTERM or SIGINT, says goodbye, and returns. Says what it does to `logger`.
    /// - Throws: `ClientError.outOfResources`.
    public func run(logger: Logger) throws(ClientError) {
        do {
            let loop = try EventLoop()
            warnOfExpiry(logger)
            let life = try HostAgentLife(plan, credentials, version: version, logger: logger, on: loop)
            life.start()
            loop.run()
            life.end()
            loop.closeEverything()
        } catch {
            throw .outOfResources("\(error)")
        }
    }
}

extension HostAgent {
    /// From here on a certificate's end is worth a word at each start.
    private static let expiryWarning: Duration = .seconds(30 * 86_400)

    private func warnOfExpiry(_ logger: Logger) {
        guard let holder = credentials.holder else { return }
        let end = Date(timeIntervalSince1970: Double(holder.notAfterUnixSeconds))
        guard end.timeIntervalSinceNow < Self.expiryWarning / .seconds(1) else { return }
        logger.warning(
            "own certificate \(end.timeIntervalSinceNow < 0 ? "has expired" : "expires soon")",
            metadata: [
                "until": "\(end.ISO8601Format())", "identity": "\(holder.uri)",
                "remedy": "rollcall pki node --force, on the server; then copy the directory here",
            ])
    }
}

/// What runs on the loop while a `HostAgent` does.
private final class HostAgentLife {
    private let loop: EventLoop
    private let facts = HostFacts()
    private let logger: Logger
    private let plan: AgentPlan
    private let shell: AgentShell
    private let watcher: ServiceWatcher
    private let loadTimer: LoopTimer
    private let dataPath: DataPathWatcher?
    private var signals: [LoopSignal] = []
    private var processorTimes: ProcessorTimes?

    init(
        _ plan: AgentPlan, _ credentials: ClientCredentials, version: String, logger: Logger, on loop: EventLoop
    ) throws(LoopError) {
        self.loop = loop
        self.plan = plan
        self.logger = logger
        let facts = facts
        let instance = UInt64.random(in: 1 ... .max)
        let registration: () -> WireRegisterRequest = {
            facts.registration(agentVersion: version).with(plan, instance: instance)
        }
        let endpoint = ServerEndpoint.tls(plan.server, credentials)
        let saved = SavedSession()
        var memory = ServerMemory(identity: plan.identity, server: "\(plan.server)")
        if let fault = memory.load() { logger.warning("\(fault)") }
        var machine = AgentMachine(facts: registration(), seed: .random(in: 0 ... .max))
        machine.servers = memory.known
        var log = AgentLog(logger)
        var handOn: ([WireServiceReport]) -> Void = { _ in }
        var met: () -> MetServers = { MetServers() }
        let watcher = ServiceWatcher(
            plan.watch, every: plan.watchInterval(heartbeats: BeatSchedule.intervalDefault), on: loop
        ) { handOn($0) }
        let shell = AgentShell(
            machine, on: loop,
            dial: { delegate in
                // A machine that was moved to another network meanwhile says so with this registration.
                (delegate as? AgentShell)?.update(registration())
                return AgentConnection(dialling: endpoint, resuming: saved, on: loop, delegate: delegate)
            },
            onEvent: { event in
                log.write(event)
                if case .registered = event, let fault = memory.keep(met()) { logger.warning("\(fault)") }
                if let interval = event.heartbeatInterval {
                    watcher.look(every: plan.watchInterval(heartbeats: interval))
                }
            }, onFinish: { loop.stop() })
        handOn = { shell.servicesSeen($0) }
        met = { [unowned shell] in shell.machine.servers }
        self.shell = shell
        dataPath = plan.dataPath.flatMap { try? DataPathWatcher($0, on: loop) { shell.dataPathTried($0) } }
        self.watcher = watcher
        loadTimer = LoopTimer(on: loop)
        let goodbye = Goodbye(identity: plan.identity)
        goodbye.begin()
        for number in [SIGTERM, SIGINT] {
            signals.append(
                try LoopSignal(number, on: loop) {
                    logger.notice("asked to stop", metadata: ["signal": "\(number)"])
                    Self.say(goodbye, by: shell, on: loop)
                })
        }
    }

    /// Asks the machine why, beside the loop, and says goodbye.
    private static func say(_ goodbye: Goodbye, by shell: AgentShell, on loop: EventLoop) {
        let shell = LoopBound(shell, of: loop)
        DispatchQueue.global().async {
            let reason = goodbye.reason()
            loop.post { shell.value.stop(reason) }
        }
    }

    func start() {
        logger.notice(
            "agent starts",
            metadata: [
                "server": "\(plan.server)", "hostname": "\(shell.machine.facts.hostname)", "role": "\(plan.roleName)",
                "site": "\(plan.site.isEmpty ? "default" : plan.site)", "services": "\(plan.watch.count)",
            ])
        if shell.machine.facts.addresses.isEmpty {
            logger.warning("this machine has no address that others could use: its network is down")
        }
        dataPath?.start()
        measureLoad()
        loadTimer.start(after: AgentTimings().loadInterval, repeating: AgentTimings().loadInterval) { [weak self] in
            self?.measureLoad()
        }
        // The first registration should tell what is, not that nobody has looked yet.
        watcher.start { [shell] in shell.start() }
    }

    func end() {
        watcher.stop()
        dataPath?.stop()
        loadTimer.cancel()
        signals = []
    }

    private func measureLoad() {
        shell.loadMeasured(facts.load(since: processorTimes))
        processorTimes = facts.processorTimes
    }
}

extension AgentEvent {
    /// The interval that the server set with it.
    fileprivate var heartbeatInterval: Duration? {
        switch self {
        case .registered(let registration): registration.interval
        case .intervalChanged(_, let interval): interval
        default: nil
        }
    }
}

extension WireRegisterRequest {
    /// The machine's facts, and what the plan says of it.
    fileprivate func with(_ plan: AgentPlan, instance: UInt64) -> WireRegisterRequest {
        var registration = self
        registration.instance = instance
        if let hostname = plan.hostname { registration.hostname = hostname }
        if let hardware = plan.hardwareID {
            registration.hardwareID = hardware
            // Cards of another machine's hardware, or of none that is named, say nothing.
            registration.networkCards = []
        }
        registration.role = plan.role
        registration.components = plan.components
        registration.site = plan.site
        registration.processServer = plan.processServer
        return registration
    }
}
