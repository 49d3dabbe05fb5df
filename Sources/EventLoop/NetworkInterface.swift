internal import CLibUV
internal import Glibc

/// One of this machine's network interfaces, also one that is down.
public struct NetworkInterface: Hashable, Sendable {
    /// What stands behind it.
    public enum Kind: String, Hashable, Sendable {
        /// A card, a bridge, a virtual card.
        case ethernet
        /// The machine itself.
        case loopback
        /// A VPN or another tunnel.
        case tunnel
        /// Something else.
        case other
    }

    /// "eth0".
    public var name: String
    /// What stands behind it.
    public var kind: Kind
    /// Switched on.
    public var isUp: Bool
    /// Has a carrier: cable in, peer there.
    public var isRunning: Bool
    /// Its addresses, as numbers.
    public var addresses: [String]

    /// An interface.
    public init(name: String, kind: Kind, isUp: Bool, isRunning: Bool, addresses: [String]) {
        self.name = name
        self.kind = kind
        self.isUp = isUp
        self.isRunning = isRunning
        self.addresses = addresses
    }

    /// All of them, in the kernel's order; empty if it does not tell. Any thread.
    public static func all() -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: [NetworkInterface] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = entry.pointee.ifa_next
            let name = unsafe String(cString: entry.pointee.ifa_name)
            let flags = unsafe Int32(bitPattern: entry.pointee.ifa_flags)
            if !found.contains(where: { $0.name == name }) {
                found.append(
                    NetworkInterface(
                        name: name, kind: kind(flags: flags, name: name), isUp: flags & 0x1 != 0,
                        isRunning: flags & 0x40 != 0, addresses: []))
            }
            guard let index = found.firstIndex(where: { $0.name == name }),
                let address = unsafe entry.pointee.ifa_addr
            else { continue }
            switch unsafe Int32(address.pointee.sa_family) {
            case AF_INET, AF_INET6:
                var storage = sockaddr_storage()
                let isIPv6 = unsafe Int32(address.pointee.sa_family) == AF_INET6
                let count = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
                unsafe withUnsafeMutableBytes(of: &storage) {
                    unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
                }
                if let host = SocketAddress(storage)?.host { found[index].addresses.append(host) }
            case 17:  // AF_PACKET: sockaddr_ll has the hardware type at byte 8 (packet(7))
                let hardware = unsafe UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 8, as: UInt16.self)
                if found[index].kind != .loopback { found[index].kind = kind(hardware: hardware, name: name) }
            default: continue
            }
        }
        return found
    }

    /// From the flags (IFF_LOOPBACK, IFF_POINTOPOINT): tunnels without a hardware address show no more.
    static func kind(flags: Int32, name: String) -> Kind {
        if flags & 0x8 != 0 { return .loopback }
        return flags & 0x10 != 0 ? .tunnel : kind(hardware: 0, name: name)
    }

    /// From the hardware type (net/if_arp.h) and, for tunnels that look like a card, the name.
    static func kind(hardware: UInt16, name: String) -> Kind {
        // None (tun, WireGuard), PPP, SLIP, and the tunnels of IP in IP, SIT, GRE.
        if [65534, 512, 256, 768, 769, 776, 778, 823].contains(hardware) { return .tunnel }
        let tunnels = ["wg", "tun", "tap", "ppp", "ipsec", "vti", "xfrm", "tailscale", "zt", "nordlynx"]
        if tunnels.contains(where: { name.hasPrefix($0) }) { return .tunnel }
        return hardware == 1 ? .ethernet : hardware == 772 ? .loopback : .other
    }
}
