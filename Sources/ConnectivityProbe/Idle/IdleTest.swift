public import EventLoop
internal import SecureTransport

/// Finds out after how long a firewall or NAT on the way forgets a connection that is not used: opens several at once,
/// leaves each alone for another time, and asks then. Confined to its loop; answers once.
public final class IdleTest {
    /// Growing pauses, in seconds: usual time-outs lie between two of them (30 s to 60 min).
    static let pauses = [1, 2, 4, 8, 15, 30, 60, 120, 240, 360, 600, 900, 1800, 3600]

    private let settings: ProbeSettings
    private let address: SocketAddress
    private let loop: EventLoop
    private let wallClock: () -> Int64
    private let watch = Stopwatch()
    private var trials: [Duration: (conversation: TLSConversation, timer: LoopTimer)] = [:]
    private var connects: [TCPConnect] = []
    private var fates: [Duration: IdleFindings.Fate] = [:]
    private let waits: [Duration]
    private var onEnd: ((IdleFindings, Check) -> Void)?

    /// A test of pauses up to `longest`.
    public init(
        _ settings: ProbeSettings, at address: SocketAddress, longest: Duration, on loop: EventLoop,
        wallClock: @escaping () -> Int64
    ) {
        self.settings = settings
        self.address = address
        self.loop = loop
        self.wallClock = wallClock
        waits = Self.pauses.map { .seconds($0) }.filter { $0 < longest } + [longest]
    }

    /// Begins. `onEnd` hears of it as soon as a pause was not survived, or all were.
    public func start(onEnd: @escaping (IdleFindings, Check) -> Void) {
        self.onEnd = onEnd
        for pause in waits {
            connects.append(
                TCPConnect(to: address, settings.dial, within: settings.limits.connect, on: loop) {
                    [weak self] outcome, _ in
                    guard case .connected(let stream) = outcome else { self?.decide(pause, .notMade); return }
                    self?.begin(pause, over: stream)
                })
        }
    }

    private func begin(_ pause: Duration, over stream: ByteStream) {
        let conversation = TLSConversation(on: loop, wallClock: wallClock)
        let timer = LoopTimer(on: loop)
        trials[pause] = (conversation, timer)
        let name = settings.serverName ?? settings.target.host
        do {
            let context = try settings.credentials?.context ?? TLSContext.client(servers: .anybody)
            conversation.begin(
                over: stream, context: context,
                serverName: SocketAddress(host: name, port: 1) == nil ? name : nil,
                expecting: .anybody, identity: settings.credentials?.identity, within: settings.limits.handshake
            ) { [weak self] outcome, _ in
                guard let self, case .established = outcome else { self?.decide(pause, .notMade); return }
                // A server gives those who have asked for something more time than those who have not.
                conversation.ping(1, within: settings.limits.ping) { [weak self] _, _ in
                    self?.wait(pause, conversation, timer)
                }
            }
        } catch {
            stream.close()
            decide(pause, .notMade)
        }
    }

    private func wait(_ pause: Duration, _ conversation: TLSConversation, _ timer: LoopTimer) {
        let idle = Stopwatch()
        conversation.onIdleEnd = { [weak self] in self?.decide(pause, .ended(after: idle.elapsed)) }
        timer.start(after: pause) { [weak self] in
            guard let self else { return }
            conversation.onIdleEnd = {}
            conversation.ping(1, within: settings.limits.ping) { [weak self] outcome, _ in
                switch outcome {
                case .answered, .refused, .badFrame, .sentAway: self?.decide(pause, .survived)
                case .ended(.closedByPeer), .ended(.endedWithoutClosing):
                    self?.decide(pause, .ended(after: idle.elapsed))
                case .ended(.reset): self?.decide(pause, .forgotten(wasReset: true))
                case .ended, .tooLate: self?.decide(pause, .forgotten(wasReset: false))
                }
            }
        }
    }

    private func decide(_ pause: Duration, _ fate: IdleFindings.Fate) {
        guard onEnd != nil, fates[pause] == nil else { return }
        fates[pause] = fate
        trials[pause]?.conversation.hangUp()
        trials[pause] = nil
        // Shorter pauses that are still out come first; a longer one tells nothing more.
        let shorter = waits.filter { $0 < pause && fates[$0] == nil }
        let isOver: Bool
        if case .forgotten = fate { isOver = shorter.isEmpty } else { isOver = fates.count == waits.count }
        let isSettled = IdleFindings(fates).shortestForgotten.map { forgotten in
            waits.allSatisfy { $0 >= forgotten || fates[$0] != nil }
        }
        guard isOver || isSettled == true else { return }
        let findings = IdleFindings(fates)
        let completion = onEnd
        onEnd = nil
        trials.values.forEach { $0.conversation.hangUp() }
        (trials, connects) = ([:], [])
        completion?(findings, findings.check(took: watch.elapsed))
    }
}
