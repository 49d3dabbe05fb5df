internal import CLibUV
internal import Glibc

/// Where a socket is or goes: an IPv4 or IPv6 address with a port, or the path of a local socket. A value.
public struct SocketAddress: Hashable, Sendable {
    /// Which kind of address it is.
    public enum Family: Hashable, Sendable {
        /// IPv4.
        case ipv4
        /// IPv6.
        case ipv6
        /// A local socket's path.
        case local
    }

    /// Which kind of address it is.
    public let family: Family
    /// The address without the port, as numbers ("192.0.2.7", "2001:db8::7", "fe80::1%eth0"), or the path.
    public let host: String
    /// The port; 0 for a local socket.
    public let port: UInt16

    /// The local socket at this path. Linux takes 107 bytes.
    public init(path: String) {
        family = .local
        host = path
        port = 0
    }

    /// The address written as numbers, without a port: "192.0.2.7", "::1", "fe80::1%eth0", "[::1]". Nil if it is none.
    public init?(host: some StringProtocol, port: UInt16) {
        var text = String(host)
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if unsafe uv_ip4_addr(text, 0, &v4) == 0 {
            family = .ipv4
            self.host = text
        } else if text.contains(":"), unsafe uv_ip6_addr(text, 0, &v6) == 0 {
            family = .ipv6
            self.host = text
        } else {
            return nil
        }
        self.port = port
    }

    /// An address with its port: "192.0.2.7:443", "[::1]:443". Nil if it is none.
    public init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        guard host.hasPrefix("[") == host.contains(":") else { return nil }
        self.init(host: host, port: port)
    }

    /// A copy with another port.
    public func with(port: UInt16) -> SocketAddress {
        SocketAddress(family: family, host: host, port: port)
    }

    /// Whether it names all addresses of the machine: "0.0.0.0" or "::".
    public var isWildcard: Bool { host == "0.0.0.0" || host == "::" }

    private init(family: Family, host: String, port: UInt16) {
        self.family = family
        self.host = host
        self.port = port
    }

    // MARK: the kernel's form

    /// Reads what the kernel wrote. Nil for families other than IPv4 and IPv6. An IPv4 address that arrives on an IPv6
    /// socket ("::ffff:192.0.2.7") is read as IPv4.
    init?(_ storage: sockaddr_storage) {
        var storage = storage
        var text = [CChar](repeating: 0, count: 64)
        let length = text.count
        let parsed: SocketAddress? = unsafe withUnsafePointer(to: &storage) { pointer in
            let raw = unsafe UnsafeRawPointer(pointer)
            switch unsafe Int32(pointer.pointee.ss_family) {
            case AF_INET:
                let address = unsafe raw.assumingMemoryBound(to: sockaddr_in.self)
                guard unsafe uv_ip4_name(address, &text, length) == 0 else { return nil }
                return SocketAddress(
                    family: .ipv4, host: Self.string(text),
                    port: UInt16(bigEndian: unsafe address.pointee.sin_port))
            case AF_INET6:
                let address = unsafe raw.assumingMemoryBound(to: sockaddr_in6.self)
                guard unsafe uv_ip6_name(address, &text, length) == 0 else { return nil }
                let port = UInt16(bigEndian: unsafe address.pointee.sin6_port)
                var host = Self.string(text)
                if host.hasPrefix("::ffff:"), host.contains(".") {
                    return SocketAddress(family: .ipv4, host: String(host.dropFirst(7)), port: port)
                }
                let scope = unsafe address.pointee.sin6_scope_id
                if scope != 0, host.hasPrefix("fe80") {
                    var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
                    if unsafe if_indextoname(scope, &name) != nil { host += "%" + (Self.string(name)) }
                }
                return SocketAddress(family: .ipv6, host: host, port: port)
            default:
                return nil
            }
        }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Lends the kernel's form to the body. IPv4 and IPv6 only.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            let raw = UnsafeMutableRawPointer(pointer)
            let length: Int
            if family == .ipv4 {
                unsafe _ = uv_ip4_addr(host, Int32(port), raw.assumingMemoryBound(to: sockaddr_in.self))
                length = MemoryLayout<sockaddr_in>.size
            } else {
                unsafe _ = uv_ip6_addr(host, Int32(port), raw.assumingMemoryBound(to: sockaddr_in6.self))
                length = MemoryLayout<sockaddr_in6>.size
            }
            return unsafe body(raw.assumingMemoryBound(to: sockaddr.self), socklen_t(length))
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// As in "192.0.2.7:443", "[::1]:443", "/run/rollcall.sock".
    public var description: String {
        switch family {
        case .ipv4: "\(host):\(port)"
        case .ipv6: "[\(host)]:\(port)"
        case .local: host
        }
    }
}
