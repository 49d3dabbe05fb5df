internal import CLibUV
internal import Glibc

/// Which way the kernel would send packets to an address. Nothing is sent: a UDP socket that is connected has its route
/// looked up (ip(7)).
public struct RouteLook: Hashable, Sendable {
    /// The source address the kernel picks; nil without a route.
    public var source: SocketAddress?
    /// The largest packet that this route takes, headers included: the interface's MTU, or what was learned of the path.
    public var pathBytes: Int?
    /// Why there is no way; nil: there is one.
    public var failure: LoopError?

    /// Nothing known.
    public init() {}

    /// Asks the kernel. Any thread.
    public init(to address: SocketAddress, _ options: DialOptions = DialOptions()) {
        let isIPv6 = address.family == .ipv6
        let descriptor = rollcall_nonblocking_datagram_socket(isIPv6 ? AF_INET6 : AF_INET)
        guard descriptor >= 0 else {
            failure = .fromErrno("open a UDP socket")
            return
        }
        defer { Glibc.close(descriptor) }
        do {
            var options = options
            options.segmentBytesMax = nil
            try options.apply(to: descriptor, address.family)
        } catch {
            failure = error
            return
        }
        guard (unsafe address.withSockaddr { unsafe connect(descriptor, $0, $1) }) == 0 else {
            failure = .fromErrno("find a route to \(address.host)")
            return
        }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe getsockname(
                descriptor, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
        }
        if result == 0 { source = SocketAddress(storage) }
        var bytes: Int32 = 0
        length = 4
        // IP_MTU, IPV6_MTU
        if unsafe getsockopt(descriptor, isIPv6 ? 41 : 0, isIPv6 ? 24 : 14, &bytes, &length) == 0, bytes > 0 {
            pathBytes = Int(bytes)
        }
    }
}
