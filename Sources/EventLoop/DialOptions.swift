internal import CLibUV
internal import Glibc

/// What a socket is told before it dials, for those who want to find out what is wrong with a path.
public struct DialOptions: Hashable, Sendable {
    /// The local address to dial from; nil: the kernel's choice.
    public var source: SocketAddress?
    /// The interface to leave by (`SO_BINDTODEVICE`, socket(7)); nil: as the routes say.
    public var interface: String?
    /// The largest segment to send and to ask for, in bytes without headers (`TCP_MAXSEG`, tcp(7)); nil: the kernel's.
    public var segmentBytesMax: Int?
    /// How many routers a packet may pass (`IP_TTL`, ip(7)); nil: the kernel's, 64.
    public var hopsMax: Int?

    /// Nothing special.
    public init() {}

    /// Sets a fresh socket of this family up.
    func apply(to descriptor: Int32, _ family: SocketAddress.Family) throws(LoopError) {
        let isIPv6 = family == .ipv6
        // The kernel keeps ICMP errors with their sender for us (ip(7), IP_RECVERR).
        try set(descriptor, isIPv6 ? 41 : 0, isIPv6 ? 25 : 11, 1, "ask for errors")
        if let hopsMax {
            try set(descriptor, isIPv6 ? 41 : 0, isIPv6 ? 16 : 2, Int32(clamping: hopsMax), "set the time to live")
        }
        if let segmentBytesMax {
            try set(
                descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, Int32(clamping: segmentBytesMax), "set the segment size")
        }
        if let interface {
            let name = Array(interface.utf8CString)
            let result = unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.count))
            guard result == 0 else { throw .fromErrno("use the interface \(interface)") }
        }
        if let source {
            let result = unsafe source.with(port: 0).withSockaddr { unsafe bind(descriptor, $0, $1) }
            guard result == 0 else { throw .fromErrno("use the source address \(source.host)") }
        }
    }

    private func set(
        _ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32, _ operation: String
    ) throws(LoopError) {
        var value = value
        guard unsafe setsockopt(descriptor, level, name, &value, 4) == 0 else { throw .fromErrno(operation) }
    }
}
