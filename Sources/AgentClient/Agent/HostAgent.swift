internal import EventLoop
import Glibc
public import Logging
internal import RollcallProtocol

/// The agent of this very machine: its facts, its services and its connection put together, on a loop in the calling
/// thread.
public final class HostAgent {
    private let plan: AgentPlan
    private let credentials: ClientCredentials
    private let version: String
    private let logger: Logger

    /// An agent that has not started.
    /// - Throws: `ClientError.badIdentity`.
    public init(_ plan: AgentPlan, version: String, logger: Logger) throws(ClientError) {
        self.plan = plan
        self.version = version
        self.logger = logger
        credentials = try ClientCredentials(identityDirectory: plan.identity)
    }

    /// Runs until SIGTERM or SIGINT, says goodbye, and returns.
    /// - Throws: `ClientError.outOfResources`.
    public func run() throws(ClientError) {
        do {
            let loop = try EventLoop()
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

/// What runs on the loop while a `HostAgent` does.
private final class HostAgentLife {
    private let loop: EventLoop
    private let facts = HostFacts()
    private let logger: Logger
    private let plan: AgentPlan
    private let shell: AgentShell
    private let watcher: ServiceWatcher
    private let loadTimer: LoopTimer
    private var signals: [LoopSignal] = []
    private var processorTimes: ProcessorTimes?

    init(
        _ plan: AgentPlan, _ credentials: ClientCredentials, version: String, logger: Logger, on loop: EventLoop
    ) throws(LoopError) {
        self.loop = loop
        self.plan = plan
        self.logger = logger
        let facts = facts
        let registration: () -> WireRegisterRequest = { facts.registration(agentVersion: version).with(plan) }
        let endpoint = ServerEndpoint.tls(plan.server, credentials)
        var log = AgentLog(logger)
        let shell = AgentShell(
            AgentMachine(facts: registration(), seed: .random(in: 0 ... .max)), on: loop,
            dial: { delegate in
                // A machine that was moved to another network meanwhile says so with this registration.
                (delegate as? AgentShell)?.update(registration())
                return AgentConnection(dialling: endpoint, on: loop, delegate: delegate)
            },
            onEvent: { log.write($0) }, onFinish: { loop.stop() })
        self.shell = shell
        watcher = ServiceWatcher(plan.watch, every: plan.watchInterval, on: loop) { shell.servicesSeen($0) }
        loadTimer = LoopTimer(on: loop)
        for number in [SIGTERM, SIGINT] {
            signals.append(
                try LoopSignal(number, on: loop) {
                    logger.notice("asked to stop", metadata: ["signal": "\(number)"])
                    shell.stop(.serviceStop)
                })
        }
    }

    func start() {
        logger.notice(
            "agent starts",
            metadata: [
                "server": "\(plan.server)", "hostname": "\(shell.machine.facts.hostname)", "role": "\(plan.roleName)",
                "site": "\(plan.site.isEmpty ? "default" : plan.site)", "services": "\(plan.watch.count)",
            ])
        measureLoad()
        loadTimer.start(after: AgentTimings().loadInterval, repeating: AgentTimings().loadInterval) { [weak self] in
            self?.measureLoad()
        }
        // The first registration should tell what is, not that nobody has looked yet.
        watcher.start { [shell] in shell.start() }
    }

    func end() {
        watcher.stop()
        loadTimer.cancel()
        signals = []
    }

    private func measureLoad() {
        shell.loadMeasured(facts.load(since: processorTimes))
        processorTimes = facts.processorTimes
    }
}

extension WireRegisterRequest {
    /// The machine's facts, and what the plan says of it.
    fileprivate func with(_ plan: AgentPlan) -> WireRegisterRequest {
        var registration = self
        if let hostname = plan.hostname { registration.hostname = hostname }
        registration.role = plan.role
        registration.components = plan.components
        registration.site = plan.site
        registration.processServer = plan.processServer
        return registration
    }
}
