import EventLoop
import Foundation
import RollcallProtocol
import SecureTransport
import TestSupport

/// A client that says exactly what a test wants it to: frames or any bytes, in records of its choice. Its loop runs only
/// while it waits.
final class WireClient: SecureStreamDelegate {
    private(set) var facts: TLSFacts?
    /// Every answer, in the order of arrival.
    private(set) var responses: [WireResponse] = []
    /// Every byte.
    private(set) var bytes: [UInt8] = []
    /// How it ended.
    private(set) var end: CloseReason?
    private let runner: LoopRunner
    private var stream: SecureStream?
    private var decoder = FrameDecoder(messageBytesMax: FrameLimits.responseBytesMax)
    private var lastID: UInt64 = 0

    /// Dials 127.0.0.1, and returns when TLS is up or has failed.
    /// - Throws: `TLSError`, `LoopError`.
    init(port: UInt16, context: TLSContext, identity: TLSIdentity?) throws {
        runner = try LoopRunner()
        guard let address = SocketAddress(host: "127.0.0.1", port: port) else { throw POSIXError(.EINVAL) }
        stream = try SecureStream(
            dialling: address, context: context, serverName: nil, expecting: .fleetServer(nil), identity: identity,
            on: runner.loop, delegate: self)
        _ = runner.run { [unowned self] in facts != nil || end != nil }
    }

    /// Dials a server with an identity of its fleet, or none.
    convenience init(_ server: ServerProcess, identity: TLSIdentity? = nil) throws {
        try self.init(port: server.port, context: try server.fleet.context(), identity: identity)
    }

    deinit { stream?.reset() }

    /// The names in the server's certificate.
    var serverHostNames: [String] { stream?.peerChain.first?.hostNames ?? [] }

    // MARK: sending

    /// Each call is a record (or several, if it is long).
    func send(_ bytes: [UInt8]) { stream?.write(bytes) }

    /// Sends a request and returns its id.
    @discardableResult
    func send(_ request: WireRequest) -> UInt64 {
        send(frame(request))
        return lastID
    }

    /// The frame of a request, with the next id.
    func frame(_ request: WireRequest) -> [UInt8] {
        lastID += 1
        var request = request
        request.id = lastID
        return FrameEncoder.frame(request)
    }

    /// Sends a request and waits for its answer.
    /// - Throws: `NeverHappened` if none comes.
    func call(_ request: WireRequest) throws -> WireResponse { try answer(to: send(request)) }

    /// Closes in good order.
    func close() {
        stream?.close()
        _ = runner.run(within: .milliseconds(500)) { false }
    }

    /// Resets the connection.
    func reset() {
        stream?.reset()
        _ = runner.run(within: .milliseconds(50)) { false }
    }

    // MARK: waiting

    /// Waits for the answer to a request; id 0: for what the server says unasked.
    /// - Throws: `NeverHappened` if none comes.
    func answer(to id: UInt64) throws -> WireResponse {
        _ = runner.run { [unowned self] in responses.contains { $0.id == id } || end != nil }
        guard let response = responses.last(where: { $0.id == id }) else {
            throw NeverHappened(
                description: "no answer to request \(id); the connection: \(end.map { "\($0)" } ?? "open")")
        }
        return response
    }

    /// Waits for the answer to the request that was made last.
    /// - Throws: `NeverHappened` if none comes.
    func answerToLast() throws -> WireResponse { try answer(to: lastID) }

    /// Lets the loop run until something holds. False if it does not.
    func wait(within limit: Duration = .seconds(30), _ condition: @escaping () -> Bool) -> Bool {
        runner.run(within: limit, until: condition)
    }

    /// Waits until the server has closed the connection.
    func waitForEnd(within limit: Duration = .seconds(30)) -> CloseReason? {
        _ = runner.run(within: limit) { [unowned self] in end != nil }
        return end
    }

    // MARK: SecureStreamDelegate

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) { self.facts = facts }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        for position in 0..<bytes.count { self.bytes.append(bytes[position]) }
        try? decoder.decode(bytes) { message in
            var copy: [UInt8] = []
            for position in 0..<message.count { copy.append(message[position]) }
            if let response = try? WireResponse(serializedBytes: copy) { responses.append(response) }
            return true
        }
    }

    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) { end = reason }
}

/// Requests that tests make.
extension WireRequest {
    static func ping(_ text: String = "") -> WireRequest { .with { $0.ping.payload = Data(text.utf8) } }

    static func register(_ hostname: String, site: String = "lab", service: WireServiceState? = nil) -> WireRequest {
        .with {
            $0.register.hostname = hostname
            $0.register.role = .mobilityAgent
            $0.register.platform = .linux
            $0.register.osVersion = "Debian GNU/Linux 12 (bookworm)"
            $0.register.agentVersion = "0.1.0"
            $0.register.site = site
            $0.register.bootID = Data(repeating: 7, count: 16)
            $0.register.sentUnixMs = Int64(Date().timeIntervalSince1970 * 1000)
            if let service {
                $0.register.services = [
                    .with {
                        $0.name = WatchedService.name
                        $0.state = service
                        $0.startType = .automatic
                    }
                ]
            }
        }
    }

    static func heartbeat(_ sequence: UInt64) -> WireRequest {
        .with {
            $0.heartbeat.sequence = sequence
            $0.heartbeat.bootTag = 0x0707_0707_0707_0707
            $0.heartbeat.sentUnixMs = UInt64(Date().timeIntervalSince1970 * 1000)
        }
    }
}
