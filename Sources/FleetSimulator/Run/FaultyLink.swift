internal import AgentClient
internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// A link with a path that can be cut: while it is, nothing gets through in either direction and neither end is told, as
/// when a router on the way goes dark. Confined to its loop.
final class FaultyLink: AgentLink, AgentLinkDelegate {
    private let endpoint: ServerEndpoint
    private let saved: SavedSession
    private let loop: EventLoop
    private weak var delegate: (any AgentLinkDelegate)?
    private var connection: AgentConnection?
    private var isOpen = false
    private var isOver = false
    private(set) var isCut: Bool
    private var isStill = false
    /// What the kernel would send again and again until the path is whole.
    private var held: [WireRequest] = []

    /// Dials, unless the path is cut: then the dial is one of those that are never answered.
    init(
        dialling endpoint: ServerEndpoint, resuming saved: SavedSession, isCut: Bool, on loop: EventLoop,
        delegate: any AgentLinkDelegate
    ) {
        self.endpoint = endpoint
        self.saved = saved
        self.loop = loop
        self.delegate = delegate
        self.isCut = isCut
        if !isCut { dial() }
    }

    /// Whether a TLS session is open on it.
    var isConnected: Bool { isOpen && !isOver }

    private func dial() {
        connection = AgentConnection(dialling: endpoint, resuming: saved, on: loop, delegate: self)
    }

    // MARK: AgentLink

    func send(_ request: WireRequest) {
        guard isConnected else { return }
        if isCut { held.append(request) } else { connection?.send(request) }
    }

    /// Closes. Where the path is cut the other end hears nothing of it: the connection is left as it is until the path
    /// is whole, and then answers with a reset, as a kernel does for a socket that is gone.
    func close() {
        isOver = true
        delegate = nil
        held = []
        if !isCut { drop { $0.close() } }
    }

    // MARK: faults

    /// The program dies: a reset, if it gets through.
    func kill() {
        isOver = true
        delegate = nil
        held = []
        if !isCut { drop { $0.reset() } }
    }

    func cut() {
        guard !isCut else { return }
        isCut = true
        if isOpen {
            connection?.pauseReading()
        } else {
            // Still on its way: its packets are lost from now on.
            drop { $0.reset() }
        }
    }

    func heal() {
        guard isCut else { return }
        isCut = false
        if isOver { return drop { $0.reset() } }
        guard isOpen else { return dial() }
        let waiting = held
        held = []
        for request in waiting { connection?.send(request) }
        if !isStill { connection?.resumeReading() }
    }

    /// The program hangs: what arrives stays in the kernel.
    func standStill() {
        isStill = true
        connection?.pauseReading()
    }

    func goOn() {
        isStill = false
        if !isCut { connection?.resumeReading() }
    }

    private func drop(_ body: (AgentConnection) -> Void) {
        let dropped = connection
        connection = nil
        isOpen = false
        if let dropped { body(dropped) }
    }

    // MARK: AgentLinkDelegate

    func linkOpened(_ link: any AgentLink) {
        isOpen = true
        if isStill { connection?.pauseReading() }
        delegate?.linkOpened(self)
    }

    func link(_ link: any AgentLink, received response: WireResponse) { delegate?.link(self, received: response) }

    func link(_ link: any AgentLink, closed error: ClientError) {
        connection = nil
        isOver = true
        delegate?.link(self, closed: error)
    }
}
