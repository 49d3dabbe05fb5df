public import EventLoop
import Foundation
public import RollcallProtocol

/// Carries out what an `AgentMachine` decides, on a loop: dials, sends, keeps the one timer. The real agent and each
/// simulated one have a shell of their own. Confined to its loop.
public final class AgentShell {
    /// Makes a link to the server for the shell, and tells it what happens there.
    public typealias Dialler = (any AgentLinkDelegate) -> any AgentLink

    /// What it carries out.
    public private(set) var machine: AgentMachine
    /// Whether everything stands still, as in a process that hangs.
    public private(set) var isSuspended = false
    private let dial: Dialler
    private let onEvent: (AgentEvent) -> Void
    private let onFinish: () -> Void
    private let timer: LoopTimer
    private var link: (any AgentLink)?
    private var endedMeanwhile: ClientError?

    /// A shell around a machine that has not started.
    /// - Parameters:
    ///   - machine: what decides.
    ///   - loop: where it lives.
    ///   - dial: called for each attempt.
    ///   - onEvent: gets what is worth telling.
    ///   - onFinish: called once, when the agent has come to its end.
    public init(
        _ machine: AgentMachine, on loop: EventLoop, dial: @escaping Dialler,
        onEvent: @escaping (AgentEvent) -> Void, onFinish: @escaping () -> Void = {}
    ) {
        self.machine = machine
        self.dial = dial
        self.onEvent = onEvent
        self.onFinish = onFinish
        timer = LoopTimer(on: loop)
    }

    /// Begins, at once or after a delay.
    public func start(after delay: Duration = .zero) { perform(machine.start(after: delay, at: .current)) }

    /// Says goodbye and comes to its end.
    public func stop(_ reason: WireLeaveReason) { perform(machine.stop(reason, at: .current)) }

    /// Hands in what the watcher saw.
    public func servicesSeen(_ reports: [WireServiceReport]) {
        perform(machine.servicesSeen(reports, at: .current))
    }

    /// Hands in what was found of the way to the process server.
    public func dataPathTried(_ path: WireDataPath) { perform(machine.dataPathTried(path, at: .current)) }

    /// Hands in a measurement of the load.
    public func loadMeasured(_ load: WireLoad) { machine.loadMeasured(load) }

    /// Sets who the node is from now on: the next registration says it.
    public func update(_ facts: WireRegisterRequest) { machine.facts = facts }

    /// Stands still until `resume`: no timer runs, nothing is sent, what arrives waits in the link.
    public func suspend() {
        isSuspended = true
        timer.cancel()
    }

    /// Goes on, and makes up for what was due.
    public func resume() {
        guard isSuspended else { return }
        isSuspended = false
        if let error = endedMeanwhile {
            endedMeanwhile = nil
            perform(machine.closed("\(error)", at: .current))
        }
        perform(machine.tick(at: .current))
    }

    private func perform(_ actions: [AgentAction]) {
        for action in actions {
            switch action {
            case .dial: link = dial(self)
            case .send(let request): link?.send(request)
            case .close:
                let closing = link
                link = nil
                closing?.close()
            case .tell(let event): onEvent(event)
            case .finish: onFinish()
            }
        }
        rearm()
    }

    private func rearm() {
        guard !isSuspended, let deadline = machine.deadline else { return timer.cancel() }
        let wait = deadline - ClockReading.current.monotonic
        timer.start(after: max(.zero, wait)) { [weak self] in
            guard let self else { return }
            perform(machine.tick(at: .current))
        }
    }
}

extension AgentShell: AgentLinkDelegate {
    /// The server is there: registers.
    public func linkOpened(_ link: any AgentLink) {
        if link === self.link { perform(machine.connected(at: .current)) }
    }

    /// The server has said something.
    public func link(_ link: any AgentLink, received response: WireResponse) {
        if link === self.link { perform(machine.received(response, at: .current)) }
    }

    /// The link is gone. A shell that stands still learns it when it goes on.
    public func link(_ link: any AgentLink, closed error: ClientError) {
        guard link === self.link else { return }
        self.link = nil
        guard !isSuspended else {
            endedMeanwhile = error
            return
        }
        perform(machine.closed("\(error)", at: .current))
    }
}

extension ClockReading {
    /// Both clocks, read now.
    static var current: ClockReading {
        ClockReading(
            monotonic: .nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds)),
            unixMilliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
