internal import AgentClient
internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// One machine of the fleet while it runs: the real agent's machine and shell, and what a scenario does to them. Confined
/// to its loop.
final class SimulatedNode {
    let blueprint: NodeBlueprint
    private let environment: Environment
    private let endpoint: ServerEndpoint
    /// What the server's tickets are kept in; a process that ends has lost them.
    private var saved = SavedSession()
    private var shell: AgentShell?
    private var link: FaultyLink?
    /// Links that the agent has given up while the path was cut: the other end still has them.
    private var abandoned: [FaultyLink] = []
    private var services: [WireServiceReport]
    private var lives = 0
    private var boots = 0
    private var isCut = false
    private var isFrozen = false
    private var wantsBack = false
    /// Of its agent, once a scenario has said so.
    private var version: String?
    private let load: WireLoad

    /// What all nodes of a loop have in common.
    final class Environment {
        let loop: EventLoop
        let timings: AgentTimings
        let version: String
        let seed: UInt64
        var counters = FleetCounters()

        init(loop: EventLoop, timings: AgentTimings, version: String, seed: UInt64) {
            self.loop = loop
            self.timings = timings
            self.version = version
            self.seed = seed
        }
    }

    init(_ blueprint: NodeBlueprint, endpoint: ServerEndpoint, in environment: Environment) {
        self.blueprint = blueprint
        self.endpoint = endpoint
        self.environment = environment
        services = blueprint.services
        var chance = Chance(seed: environment.seed, 4, UInt64(blueprint.index))
        load = .with {
            $0.loadAverage1M = Double.random(in: 0.05...3, using: &chance)
            $0.cpuShare = Double.random(in: 0.02...0.7, using: &chance)
            $0.memoryTotalBytes = UInt64([4, 8, 16, 32].randomElement(using: &chance) ?? 8) << 30
            $0.memoryAvailableBytes = $0.memoryTotalBytes / 100 * UInt64.random(in: 30...80, using: &chance)
        }
    }

    var isRegistered: Bool { shell?.machine.isRegistered ?? false }
    var isConnected: Bool { link?.isConnected ?? false }
    /// Whether an agent runs at all.
    var isAlive: Bool { shell != nil }

    // MARK: life

    /// Begins a life, at once or after a delay.
    func start(after delay: Duration = .zero) {
        guard shell == nil else { return }
        var chance = Chance(seed: environment.seed, 5, UInt64(blueprint.index), UInt64(lives))
        if lives > 0 { saved = SavedSession() }
        lives += 1
        isFrozen = false
        let machine = AgentMachine(
            facts: blueprint.registration(
                boot: boots, agentVersion: version ?? environment.version, seed: environment.seed),
            timings: environment.timings, seed: chance.next())
        let shell = AgentShell(
            machine, on: environment.loop, dial: { [unowned self] in dial($0) },
            onEvent: { [unowned self] in environment.counters.count($0) },
            onFinish: { [unowned self] in finished() })
        self.shell = shell
        shell.servicesSeen(services)
        shell.loadMeasured(load)
        shell.start(after: delay)
    }

    private func dial(_ delegate: any AgentLinkDelegate) -> any AgentLink {
        forsake()
        let link = FaultyLink(
            dialling: endpoint, resuming: saved, isCut: isCut, on: environment.loop, delegate: delegate)
        self.link = link
        return link
    }

    /// The agent has done with its link; the other end may not know.
    private func forsake() {
        if let link, link.isCut { abandoned.append(link) }
        link = nil
    }

    private func finished() {
        forsake()
        // The shell is calling: it goes in the next turn.
        let me = LoopBound(self, of: environment.loop)
        environment.loop.post {
            let node = me.value
            node.shell = nil
            if node.wantsBack {
                node.wantsBack = false
                node.start()
            }
        }
    }

    /// Says goodbye, and is gone when that is answered.
    func leave(_ reason: WireLeaveReason) {
        thaw()
        shell?.stop(reason)
    }

    // MARK: what a scenario does

    func carryOut(_ act: Scenario.Act) {
        switch act {
        case .stopService(let name, let start): setService(name, .stopped, start)
        case .startService(let name): setService(name, .running)
        case .removeService(let name): setService(name, .notInstalled)
        case .kill, .killAgent: kill()
        case .freeze, .hangAgent: freeze()
        case .thaw: thaw()
        case .partition: partition()
        case .heal: heal()
        case .restart:
            boots += 1
            leave(.reboot)
        case .leave(let reason): leave(WireLeaveReason(reason))
        case .upgrade(let version):
            self.version = version
            leave(.upgrade)
        case .comeBack: comeBack()
        // A plan unfolds flaps, and refuses the others for a real server.
        default: break
        }
    }

    private func setService(_ name: String, _ state: WireServiceState, _ start: Scenario.ServiceStart? = nil) {
        guard let index = services.firstIndex(where: { $0.name == name }) else { return }
        services[index].state = state
        if let start { services[index].startType = WireStartType(start) }
        services[index].detail = state == .stopped ? "stopped by the scenario" : ""
        if !isFrozen { shell?.servicesSeen([services[index]]) }
    }

    private func kill() {
        shell = nil
        link?.kill()
        forsake()
    }

    private func freeze() {
        guard shell != nil, !isFrozen else { return }
        isFrozen = true
        shell?.suspend()
        link?.standStill()
    }

    private func thaw() {
        guard isFrozen else { return }
        isFrozen = false
        link?.goOn()
        shell?.resume()
        // What changed on the machine while its agent hung.
        shell?.servicesSeen(services)
    }

    private func partition() {
        isCut = true
        link?.cut()
    }

    private func heal() {
        isCut = false
        for link in abandoned { link.heal() }
        abandoned = []
        link?.heal()
    }

    private func comeBack() {
        guard let machine = shell?.machine else { return start() }
        // It is on its way out: first that, then back.
        if machine.isLeaving || machine.isFinished { wantsBack = true }
    }
}

extension WireStartType {
    fileprivate init(_ start: Scenario.ServiceStart) {
        switch start {
        case .automatic: self = .automatic
        case .manual: self = .manual
        case .disabled: self = .disabled
        }
    }
}

extension WireLeaveReason {
    fileprivate init(_ reason: Scenario.Goodbye) {
        switch reason {
        case .shutdown: self = .shutdown
        case .reboot: self = .reboot
        case .serviceStop: self = .serviceStop
        case .upgrade: self = .upgrade
        case .decommission: self = .decommission
        }
    }
}
