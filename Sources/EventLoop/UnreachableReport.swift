internal import CLibUV
internal import Glibc

/// An ICMP error about a packet of ours, and who sent it (ip(7), `IP_RECVERR`).
public struct UnreachableReport: Hashable, Sendable {
    /// What it says.
    public enum Meaning: Hashable, Sendable {
        /// A router knows no way to the network.
        case network
        /// A router cannot reach the machine: nobody answers for its address.
        case host
        /// Nobody listens, or a rule says so: ICMP's word for a closed port, which TCP itself does not use.
        case port
        /// A rule forbids it.
        case prohibited
        /// The packet is too large for the next link, which takes so many bytes.
        case tooLarge(Int)
        /// The packet has passed as many routers as it may.
        case hopsExceeded
        /// Something else, by ICMP type and code.
        case other(type: Int, code: Int)
    }

    /// Who reports it: a router, the machine itself, or an own address (nobody answers on the local link).
    public let reporter: SocketAddress?
    /// What it says.
    public let meaning: Meaning

    /// A report.
    public init(reporter: SocketAddress?, meaning: Meaning) {
        self.reporter = reporter
        self.meaning = meaning
    }

    /// Takes the oldest one that waits at a socket; nil: none waits.
    static func take(from descriptor: Int32) -> UnreachableReport? {
        var (origin, type, code): (Int32, Int32, Int32) = (0, 0, 0)
        var info: UInt32 = 0
        var offender = sockaddr_storage()
        guard unsafe rollcall_take_socket_error(descriptor, &origin, &type, &code, &info, &offender) != 0,
            origin == 2 || origin == 3
        else { return nil }
        return UnreachableReport(
            reporter: SocketAddress(offender),
            meaning: meaning(isIPv6: origin == 3, Int(type), Int(code), Int(info)))
    }

    /// RFC 792, RFC 1812 section 5.2.7.1 and RFC 4443 section 3.
    static func meaning(isIPv6: Bool, _ type: Int, _ code: Int, _ info: Int) -> Meaning {
        if isIPv6 {
            switch (type, code) {
            case (1, 0): return .network
            case (1, 1), (1, 5), (1, 6): return .prohibited
            case (1, 2), (1, 3): return .host
            case (1, 4): return .port
            case (2, _): return .tooLarge(info)
            case (3, _): return .hopsExceeded
            default: return .other(type: type, code: code)
            }
        }
        switch (type, code) {
        case (3, 0), (3, 6), (3, 11): return .network
        case (3, 1), (3, 7), (3, 12): return .host
        case (3, 3): return .port
        case (3, 4): return .tooLarge(info)
        case (3, 9), (3, 10), (3, 13): return .prohibited
        case (11, _): return .hopsExceeded
        default: return .other(type: type, code: code)
        }
    }
}
