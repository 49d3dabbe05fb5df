public import EventLoop
public import RollcallProtocol
public import SecureTransport

/// Why a client could not talk to a server: each with its facts, and in words that say what to do next.
public enum ClientError: Error, Equatable, Sendable {
    /// A server's name could not be turned into an address.
    case nameNotFound(host: String, reason: String)
    /// What was typed as a server is not HOST[:PORT].
    case badServerName(String, fault: String)
    /// A TCP connection could not be made.
    case connectFailed(address: String, LoopError)
    /// TCP or TLS took too long. `stage`: "TCP connection", "TLS handshake".
    case tooLate(address: String, stage: String, limit: Duration)
    /// The TLS handshake failed, on either side.
    case handshakeFailed(address: String, reason: String, TLSRefusal?)
    /// TLS is there, Rollcall is not: the other side agreed on another application protocol, or none.
    case notRollcall(address: String, applicationProtocol: String)
    /// Several addresses were tried; none led to a server.
    case allFailed(host: String, [String])
    /// No server has the local socket open.
    case noLocalServer(path: String)
    /// The local socket is not for this user.
    case localSocketForbidden(path: String)
    /// The server ended the connection.
    case closedByServer
    /// The connection was reset.
    case reset
    /// The connection broke otherwise.
    case broken(String)
    /// What came is not `rollcall/1`.
    case badFrame(String)
    /// No answer in time.
    case noAnswer(within: Duration)
    /// The server answered no.
    case refused(StatusCode, message: String)
    /// The server's answer fits no question.
    case unexpectedAnswer(String)
    /// Enrolment: the server's proof does not fit the passphrase here.
    case passphraseDiffers(server: String, fleet: String)
    /// A file of the identity cannot be used.
    case badIdentity(path: String, fault: String)
    /// This process lacks something: descriptors, memory.
    case outOfResources(String)
}

extension ClientError: CustomStringConvertible {
    /// In one line: the thing, the fact, the next step where there is one.
    public var description: String {
        switch self {
        case .nameNotFound(let host, let reason): "no address for \(host): \(reason)"
        case .badServerName(let text, let fault): "'\(text)' is not a server: \(fault). Write HOST[:PORT]."
        case .connectFailed(let address, let error): "\(address): \(Self.words(error))"
        case .tooLate(let address, let stage, let limit): "\(address): no \(stage) within \(limit.text)"
        case .handshakeFailed(let address, let reason, let refusal):
            "\(address): \(Self.words(refusal) ?? reason)"
        case .notRollcall(let address, let name):
            "\(address): TLS works, but the server is not Rollcall "
                + (name.isEmpty ? "(it agreed on no application protocol)" : "(it speaks \(name.oneLine))")
        case .allFailed(let host, let reasons): "no way to \(host): \(reasons.joined(separator: "; "))"
        case .noLocalServer(let path):
            "no server listens on \(path): is it running? Start it with 'rollcall serve', or name its directory with "
                + "--data or the server with --server"
        case .localSocketForbidden(let path):
            "\(path) is not for this user: run as the server's user or as a member of its group"
        case .closedByServer: "closed by the server"
        case .reset: "reset by peer"
        case .broken(let reason): reason
        case .badFrame(let fault): "the server sent what is not rollcall/1: \(fault)"
        case .noAnswer(let limit): "no answer within \(limit.text)"
        case .refused(let code, let message): message.isEmpty ? "the server answered \(code)" : message.oneLine
        case .unexpectedAnswer(let what): "the server's answer fits no question: \(what)"
        case .passphraseDiffers(let server, let fleet):
            "\(server): wrong passphrase: it is not that of fleet \(fleet), or something on the way ends TLS (a firewall that "
                + "inspects it). Nothing was sent by which it could be guessed"
        case .badIdentity(let path, let fault): "\(path): \(fault)"
        case .outOfResources(let reason): reason
        }
    }

    private static func words(_ error: LoopError) -> String {
        if error.isConnectionRefused { return "connection refused: nobody listens there" }
        if error.isTimedOut { return "no answer to the TCP connection: a firewall, or a machine that is off" }
        if error.isUnreachable { return "\(error.reason): there is no route to it" }
        return error.reason
    }

    /// What a client says about a refusal, in whose words "the peer" is the server.
    private static func words(_ refusal: TLSRefusal?) -> String? {
        switch refusal {
        case nil: nil
        case .untrustedIssuer(let issuer):
            "server certificate not trusted: issuer \(issuer.isEmpty ? "unknown" : "“\(issuer)”") is not the authority "
                + "in ca.pem"
        case .expired:
            "server certificate has expired, or the clock of this machine is ahead: compare the clocks of both"
        case .notYetValid: "server certificate is not valid yet: compare the clocks of both machines"
        case .wrongName(let name):
            "server certificate is for \(name.isEmpty ? "another name" : name), not for the server of this identity's fleet: "
                + "correct the server's address here, or get an identity of that fleet there (rollcall pki node)"
        case .wrongPurpose: "server certificate was issued for another purpose"
        case .revoked(let why): "server certificate was revoked: \(why)"
        case .certificate(let reason): "server certificate refused: \(reason)"
        case .protocolVersion: "no TLS version in common with the server: TLS 1.2 or newer is needed"
        case .nothingInCommon: "no cipher suite, group or signature algorithm in common with the server"
        case .applicationProtocol: "the server is not Rollcall: it does not know rollcall/1 (ALPN)"
        case .notTLS: "what answers there does not speak TLS"
        case .peerAlert(let alert) where alert.hasPrefix("certificate revoked"):
            "the server says that this client's certificate was revoked (rollcall pki revoke); a new one is made there with: "
                + "rollcall pki node --force"
        case .peerAlert(let alert) where alert.hasPrefix("internal error"):
            "the server is at its limit of connections, or in trouble (alert: \(alert))"
        case .peerAlert(let alert) where alert.hasPrefix("certificate expired"):
            "the server says that this client's certificate has expired: a new one is made there with: rollcall pki node --force; "
                + "if it has not (rollcall pki show tells), compare the clocks"
        case .peerAlert(let alert) where alert.hasPrefix("bad certificate"):
            // What OpenSSL says of one that has not begun, too.
            "the server does not take this client's certificate: not valid yet, or damaged. Compare the clocks of both machines; "
                + "on the server, rollcall errors says which (alert: \(alert))"
        case .peerAlert(let alert) where alert.hasPrefix("unknown ca"):
            "the server says that this client's certificate comes from another authority: correct the server's address here, or "
                + "get an identity of its fleet there (rollcall pki node)"
        case .peerAlert(let alert): "the server refused this client's certificate or offer: \(alert)"
        }
    }
}
