internal import EventLoop
internal import Logging
internal import Registry

/// Carries out what the registry asks about silent nodes: hands a ping to the sessions, and asks machines from outside. The
/// registry limits the rate. Confined to the control loop; nothing in here waits.
final class Inquirer {
    private let loop: EventLoop
    private let log: Logger
    private let ask: (SessionID) -> Void
    private let onAnswer: (NodeID, [Answer]) -> Void
    private var underWay: [UInt64: MachineQuestion] = [:]
    private var lastNumber: UInt64 = 0
    private var isEchoForbidden = false

    /// Machines asked at a time: two descriptors each, of the 256 that connections leave free.
    static let underWayMax = 64

    /// - Parameters:
    ///   - ask: puts the question to a session, on whatever loop it lives.
    ///   - onAnswer: gets what came back from a machine.
    init(
        on loop: EventLoop, log: Logger, ask: @escaping (SessionID) -> Void,
        onAnswer: @escaping (NodeID, [Answer]) -> Void
    ) {
        self.loop = loop
        self.log = log
        self.ask = ask
        self.onAnswer = onAnswer
    }

    func carryOut(_ question: Question) {
        for session in question.sessions { ask(session) }
        guard let machine = question.machine, underWay.count < Self.underWayMax,
            let address = SocketAddress(host: machine.address, port: machine.port)
        else { return }
        lastNumber += 1
        let number = lastNumber
        underWay[number] = MachineQuestion(to: address, on: loop) { [unowned self] answers, failure in
            underWay[number] = nil
            if let failure { noteForbidden(failure) }
            if !answers.isEmpty { onAnswer(question.node, answers) }
        }
    }

    private func noteForbidden(_ failure: LoopError) {
        guard !isEchoForbidden else { return }
        isEchoForbidden = true
        log.warning(
            "cannot send ICMP echo (\(failure.reason)): machines are asked over TCP only; let this user's group in with: sysctl net.ipv4.ping_group_range"
        )
    }

    /// Gives up what is under way.
    func stop() { underWay = [:] }
}

/// Asks one machine, by ICMP echo and by a TCP connection at the same time. Answers once, within `limit`; says nothing when
/// dropped. Confined to its loop.
final class MachineQuestion {
    /// How long a machine may take: ten times the slowest path on earth, and one retransmission of a SYN (RFC 6298: 1 s).
    static let limit = Duration.seconds(2)
    private static let echoCount = 2

    private let address: SocketAddress
    private let began = EventLoop.monotonicNanoseconds
    private let loop: EventLoop
    private let until: UInt64
    private let timer: LoopTimer
    private var echo: EchoProbe?
    private var dial: DiagnosticDial?
    private var answers: [Answer] = []
    private var failure: LoopError?
    private var completion: (([Answer], LoopError?) -> Void)?

    /// Begins. `completion` gets what came back, and why no echo could be sent if none could.
    init(to address: SocketAddress, on loop: EventLoop, completion: @escaping ([Answer], LoopError?) -> Void) {
        self.address = address
        self.completion = completion
        self.loop = loop
        until = loop.now + UInt64(Self.limit / .milliseconds(1))
        timer = LoopTimer(on: loop)
        timer.start(after: Self.limit) { [weak self] in self?.giveUpDialling() }
        dial = DiagnosticDial(to: address, on: loop) { [weak self] outcome in self?.dialled(outcome) }
        echo = EchoProbe(
            to: address, count: Self.echoCount, every: .milliseconds(500), within: Self.limit - .milliseconds(500),
            on: loop
        ) { [weak self] figures in self?.echoed(figures) }
    }

    private var elapsed: Duration { .nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds &- began)) }

    private func dialled(_ outcome: DiagnosticDial.Outcome) {
        dial = nil
        switch outcome {
        case .connected(let stream):
            stream.reset()
            note(isAnswered: true, isOpen: true)
        case .failed(let error, let report):
            // A refusal comes from the machine itself, as a reset or as ICMP; what a router says is no answer of it.
            let isOwn = report?.reporter?.host == address.host
            note(isAnswered: error.isConnectionRefused || error.isConnectionReset || isOwn, isOpen: false)
        }
    }

    private func giveUpDialling() {
        guard let dial else { return }
        guard loop.caughtUpTo >= until else {
            // The answer may be there, and not have been read yet.
            return timer.start(after: .milliseconds(1)) { [weak self] in self?.giveUpDialling() }
        }
        dial.cancel()
        self.dial = nil
        note(isAnswered: false, isOpen: false)
    }

    private func note(isAnswered: Bool, isOpen: Bool) {
        timer.cancel()
        answers.append(Answer(.port(address.port, isOpen: isOpen), isAnswered: isAnswered, after: elapsed))
        finishIfComplete()
    }

    private func echoed(_ figures: EchoFigures) {
        echo = nil
        if let failure = figures.failure {
            self.failure = failure
        } else {
            answers.append(
                Answer(
                    .echo(sent: figures.sent), isAnswered: !figures.roundTrips.isEmpty,
                    after: figures.roundTrips.min() ?? elapsed))
        }
        finishIfComplete()
    }

    private func finishIfComplete() {
        guard dial == nil, echo == nil, let completion else { return }
        self.completion = nil
        completion(answers, failure)
    }
}
