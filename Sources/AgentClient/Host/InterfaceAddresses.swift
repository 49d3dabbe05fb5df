internal import Glibc

/// The addresses of the machine's interfaces. The one place of this target that needs unsafe code: getifaddrs(3) hands
/// out a linked list of C structures, and there is nothing else that knows which interface is a loopback and which is up.
enum InterfaceAddresses {
    /// Addresses of interfaces that are up, IPv4 first, without loopback and link-local ones, each once. Where only
    /// link-local ones are left, those: the server then says what is wrong.
    /// - Parameter isInner: whether nobody outside this machine is behind the interface of this name.
    static func current(isInner: (String) -> Bool = { _ in false }) -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var ipv4: [String] = []
        var ipv6: [String] = []
        var useless: [String] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = entry.pointee.ifa_next
            let flags = unsafe entry.pointee.ifa_flags
            guard flags & UInt32(IFF_UP) != 0, flags & UInt32(IFF_LOOPBACK) == 0,
                let address = unsafe entry.pointee.ifa_addr, let name = unsafe entry.pointee.ifa_name,
                !isInner(unsafe String(cString: name))
            else { continue }
            let family = Int32(unsafe address.pointee.sa_family)
            guard family == AF_INET || family == AF_INET6,
                let text = unsafe number(
                    of: address,
                    family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
            else { continue }
            if !isWorthReporting(text) {
                useless.append(text)
            } else if family == AF_INET {
                append(text, to: &ipv4)
            } else {
                append(text, to: &ipv6)
            }
        }
        return ipv4.isEmpty && ipv6.isEmpty ? useless : ipv4 + ipv6
    }

    /// Whether other machines may reach this one by the address, as far as its form tells.
    static func isWorthReporting(_ address: String) -> Bool {
        let lower = address.lowercased()
        // fe80::/10 is link-local: fe80 to febf. A scope ("%eth0") is only ever told for those.
        if lower.contains("%") || ["fe8", "fe9", "fea", "feb"].contains(where: lower.hasPrefix) { return false }
        return !lower.isEmpty && lower != "::1" && lower != "::" && lower != "0.0.0.0" && !lower.hasPrefix("127.")
            && !lower.hasPrefix("169.254.")
    }

    private static func append(_ address: String, to list: inout [String]) {
        if !list.contains(address) { list.append(address) }
    }

    private static func number(of address: UnsafeMutablePointer<sockaddr>, _ length: Int) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = unsafe getnameinfo(
            address, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard result == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
