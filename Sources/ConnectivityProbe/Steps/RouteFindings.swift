internal import ErrorCatalogue
internal import EventLoop

/// Which way packets would go from here. Pure.
enum RouteFindings {
    static func check(_ look: RouteLook, _ interfaces: [NetworkInterface], at address: SocketAddress, gateway: String?)
        -> Check
    {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) -> Check {
            Check(.route, at: address, state, symptom, words)
        }
        guard let source = look.source, look.failure == nil else {
            let failure = look.failure
            let down = interfaces.filter { $0.kind != .loopback && !($0.isUp && $0.isRunning) }
            switch failure?.name {
            case "ENODEV",
                "ENETUNREACH" where !down.isEmpty,
                "EADDRNOTAVAIL" where !down.isEmpty:
                let names = down.map {
                    $0.isUp
                        ? Phrase("\($0.name) is without carrier", "\($0.name) 沒有訊號")
                        : Phrase("\($0.name) is down", "\($0.name) 已停用")
                }
                let words = names.isEmpty ? Phrase(same: failure?.description ?? "") : names.joined()
                return line(.failed, .interfaceDown, Phrase("no route; ", "沒有路由；") + words)
            case "EINVAL":
                return line(
                    .failed, .noRoute,
                    Phrase(
                        "a route of this machine throws these packets away (blackhole)", "這部機器有路由把這些封包丟掉（blackhole）"))
            case "EACCES", "EPERM":
                return line(
                    .failed, .forbiddenHere,
                    Phrase("a route of this machine forbids it (prohibit)", "這部機器有路由禁止這樣做（prohibit）"))
            case "EHOSTUNREACH":
                return line(
                    .failed, .noRoute,
                    Phrase("a route of this machine says “unreachable”", "這部機器有路由說“unreachable”"))
            case "EAFNOSUPPORT":
                let family = address.family == .ipv6 ? "IPv6" : "IPv4"
                return line(.failed, .familyMissing, Phrase("this machine has no \(family)", "這部機器沒有 \(family)"))
            default:
                return line(
                    .failed, .noRoute,
                    failure.map { Phrase("no route: \($0.reason)", "沒有路由：\($0.reason)") }
                        ?? Phrase("no route: no source address", "沒有路由：沒有來源位址"))
            }
        }
        var words = [Phrase("from \(source.host)", "從 \(source.host)")]
        if let interface = interfaces.first(where: { $0.addresses.contains(source.host) }) {
            let tunnel = interface.kind == .tunnel ? Phrase(" (a VPN or tunnel)", "（VPN 或通道）") : .nothing
            words.append(Phrase("by \(interface.name)", "經 \(interface.name)") + tunnel)
        }
        if let gateway {
            words.append(Phrase("gateway \(gateway)", "閘道 \(gateway)"))
        } else if address.family == .ipv4, source.host != address.host {
            words.append(Phrase("on this network, no gateway", "在同一網路，不經閘道"))
        }
        if let bytes = look.pathBytes, bytes < 65_535 { words.append(Phrase(same: "MTU \(bytes)")) }
        return line(.passed, nil, words.joined())
    }
}

/// The kernel's IPv4 routes as /proc/net/route shows them. Pure.
struct RouteTable {
    private struct Row {
        let destination, gateway, mask: UInt32
    }

    private var rows: [Row] = []

    /// Reads the text of /proc/net/route; lines that are no routes are skipped.
    init(_ text: String) {
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 7, let destination = UInt32(fields[1], radix: 16),
                let gateway = UInt32(fields[2], radix: 16), let mask = UInt32(fields[7], radix: 16)
            else { continue }
            rows.append(Row(destination: destination, gateway: gateway, mask: mask))
        }
    }

    /// The gateway of the longest match; nil: none, it is on the link, or there is no route.
    func gateway(to host: String) -> String? {
        let parts = host.split(separator: ".").compactMap { UInt32($0) }
        guard parts.count == 4 else { return nil }
        // The file has them in the machine's byte order, little-endian on all that we know.
        let address = parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24
        let best = rows.filter { address & $0.mask == $0.destination }
            .max { $0.mask.nonzeroBitCount < $1.mask.nonzeroBitCount }
        guard let gateway = best?.gateway, gateway != 0 else { return nil }
        return "\(gateway & 255).\(gateway >> 8 & 255).\(gateway >> 16 & 255).\(gateway >> 24)"
    }
}
