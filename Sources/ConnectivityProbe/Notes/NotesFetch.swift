internal import ErrorCatalogue
internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// Fetches what the server saw of this probe's other attempts, over a connection that gets through. Confined to its loop;
/// answers once.
final class NotesFetch {
    /// The server notes an attempt when its connection has ended there, and that takes a moment: asked so often.
    static let triesMax = 5
    /// Between two questions.
    static let pause = Duration.milliseconds(250)
    /// All of it takes at least this long.
    static let limitMin = Duration.seconds(1)

    private let ports: [UInt16]
    private let loop: EventLoop
    private let timer: LoopTimer
    private let limit: LoopTimer
    private var connect: TCPConnect?
    private var conversation: TLSConversation
    private var tries = 0
    private var completion: (([AttemptSeen]?) -> Void)?

    init(
        from address: SocketAddress, _ settings: ProbeSettings, _ dial: DialOptions, serverName: String?,
        ports: [UInt16], within wholeLimit: Duration, on loop: EventLoop, wallClock: @escaping () -> Int64,
        completion: @escaping ([AttemptSeen]?) -> Void
    ) {
        self.ports = ports
        self.loop = loop
        self.completion = completion
        timer = LoopTimer(on: loop)
        limit = LoopTimer(on: loop)
        conversation = TLSConversation(on: loop, wallClock: wallClock)
        limit.start(after: wholeLimit) { [weak self] in self?.finish(nil) }
        connect = TCPConnect(to: address, dial, within: settings.limits.connect, on: loop) { [weak self] outcome, _ in
            guard case .connected(let stream) = outcome else { self?.finish(nil); return }
            self?.greet(over: stream, serverName, settings.limits.handshake)
        }
    }

    private func greet(over stream: ByteStream, _ serverName: String?, _ limit: Duration) {
        do {
            conversation.begin(
                over: stream, context: try TLSContext.client(servers: .anybody), serverName: serverName,
                expecting: .anybody, identity: nil, within: limit
            ) { [weak self] outcome, _ in
                guard case .established = outcome else { self?.finish(nil); return }
                self?.ask()
            }
        } catch {
            stream.close()
            finish(nil)
        }
    }

    private func ask() {
        tries += 1
        var question = WireCompareNotesRequest()
        question.ports = ports.map(UInt32.init)
        conversation.compareNotes(question) { [weak self] answer in
            guard let self, let answer else { self?.finish(nil); return }
            let seen = answer.attempts.compactMap(AttemptSeen.init)
            let isWhole = Set(ports).isSubset(of: seen.map(\.port))
            guard !isWhole, tries < Self.triesMax else { return finish(seen) }
            timer.start(after: Self.pause) { [weak self] in self?.ask() }
        }
    }

    private func finish(_ seen: [AttemptSeen]?) {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        limit.cancel()
        conversation.hangUp()
        connect = nil
        completion(seen)
    }
}

extension AttemptSeen {
    init?(_ wire: WireAttempt) {
        guard let port = wire.peerAddress.split(separator: ":").last.flatMap({ UInt16($0) }) else { return nil }
        self.port = port
        bytesIn = Int(clamping: wire.bytesIn)
        bytesOut = Int(clamping: wire.bytesOut)
        reason = wire.reason
        end =
            switch wire.end {
            case .closedByPeer: Phrase("saw it closed", "看到連線關閉")
            case .reset: Phrase("saw it reset", "看到連線重設")
            case .silence: Phrase("nothing more came", "再也沒有收到什麼")
            case .closedByServer: Phrase("closed it itself", "自己關閉了它")
            default: Phrase("it is still open", "連線仍開著")
            }
    }
}
