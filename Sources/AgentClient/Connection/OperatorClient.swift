internal import EventLoop
public import RollcallProtocol
public import SecureTransport

/// A server for the command line: a question, and the calling thread waits for the answer (an event loop runs in it
/// meanwhile). One connection serves all calls, and is made at the first. Not for use from several threads.
public final class OperatorClient {
    /// Where the server is.
    public let endpoint: ServerEndpoint
    private let limit: Duration
    private let loop: EventLoop
    private let conversation: Conversation

    /// A client that has not dialled yet. Each call, and dialling, may take `limit` until the first answer.
    /// - Throws: `ClientError.outOfResources`.
    public init(endpoint: ServerEndpoint, limit: Duration = .seconds(20)) throws(ClientError) {
        self.endpoint = endpoint
        self.limit = limit
        do { loop = try EventLoop() } catch { throw .outOfResources("\(error)") }
        conversation = Conversation(loop: loop, endpoint: endpoint)
    }

    /// What TLS settled, once a call was answered; nil on a local socket.
    public var facts: TLSFacts? { conversation.facts }

    deinit {
        conversation.hangUp()
        loop.closeEverything()
    }

    /// Asks one thing. The request's id is filled in.
    /// - Throws: `ClientError`: why there was no answer, or `.refused` with the server's words.
    public func call(_ request: WireRequest) throws(ClientError) -> WireResponse {
        var answer: WireResponse?
        try ask(request, limit: limit) { response in
            answer = response
            return false
        }
        guard let answer else { throw .noAnswer(within: limit) }
        return answer
    }

    /// Asks for a stream. `onEach` gets every response and says whether to go on; the wait between two has no limit.
    /// Returns when the server has no more or `onEach` had enough.
    /// - Throws: `ClientError`, also when the connection ends in the middle.
    public func stream(_ request: WireRequest, onEach: (WireResponse) -> Bool) throws(ClientError) {
        try ask(request, limit: nil, onEach)
    }

    private func ask(
        _ request: WireRequest, limit: Duration?, _ onEach: (WireResponse) -> Bool
    ) throws(ClientError) {
        conversation.begin(request, limit: limit, openLimit: self.limit)
        while true {
            // Ends at each response, so that `onEach` need not escape into the loop.
            if !conversation.hasNews { loop.run() }
            for response in conversation.takeResponses() {
                let code = StatusCode(rawValue: response.status)
                guard code == .ok else { throw .refused(code, message: response.message) }
                if !onEach(response) || !response.more { return conversation.end() }
            }
            if let error = conversation.failure { throw error }
        }
    }
}

/// The connection of an `OperatorClient`, and the question under way.
private final class Conversation: AgentLinkDelegate {
    private let loop: EventLoop
    private let endpoint: ServerEndpoint
    private let timer: LoopTimer
    private var link: AgentConnection?
    private var isOpen = false
    private var lastID: UInt64 = 0
    private var request: WireRequest?
    private var answerLimit: Duration?
    private var responses: [WireResponse] = []
    private(set) var failure: ClientError?

    init(loop: EventLoop, endpoint: ServerEndpoint) {
        self.loop = loop
        self.endpoint = endpoint
        timer = LoopTimer(on: loop)
    }

    /// Whether there is something to look at before the loop runs on.
    var hasNews: Bool { !responses.isEmpty || failure != nil }

    func begin(_ request: WireRequest, limit: Duration?, openLimit: Duration) {
        lastID += 1
        var request = request
        request.id = lastID
        self.request = request
        responses = []
        failure = nil
        answerLimit = limit
        loop.updateTime()
        if isOpen {
            send()
        } else {
            timer.start(after: openLimit) { [weak self] in self?.fail(.noAnswer(within: openLimit)) }
            link = AgentConnection(dialling: endpoint, on: loop, delegate: self)
        }
    }

    var facts: TLSFacts? { link?.facts }

    func takeResponses() -> [WireResponse] {
        defer { responses = [] }
        return responses
    }

    /// The question is answered; what else comes for it is ignored.
    func end() {
        request = nil
        timer.cancel()
    }

    func hangUp() {
        timer.cancel()
        link?.close()
        link = nil
    }

    private func send() {
        timer.cancel()
        guard let request else { return }
        if let answerLimit {
            timer.start(after: answerLimit) { [weak self] in self?.fail(.noAnswer(within: answerLimit)) }
        }
        link?.send(request)
    }

    private func fail(_ error: ClientError) {
        failure = error
        request = nil
        isOpen = false
        hangUp()
        loop.stop()
    }

    // MARK: AgentLinkDelegate

    func linkOpened(_ link: any AgentLink) {
        isOpen = true
        send()
    }

    func link(_ link: any AgentLink, received response: WireResponse) {
        if response.id == 0 {
            // Without a question: a notice (which concerns agents), or the reason for the end that follows.
            let code = StatusCode(rawValue: response.status)
            if code != .ok { fail(.refused(code, message: response.message)) }
            return
        }
        guard response.id == request?.id else { return }
        responses.append(response)
        timer.cancel()
        loop.stop()
    }

    func link(_ link: any AgentLink, closed error: ClientError) { fail(error) }
}
