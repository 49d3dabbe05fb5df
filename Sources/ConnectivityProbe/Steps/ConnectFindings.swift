internal import ErrorCatalogue
internal import EventLoop

/// What a failure to connect means: different words, because they have different remedies. Pure.
enum ConnectFindings {
    /// The line. `source` is the address that this machine would send from.
    static func check(
        _ error: LoopError, _ report: UnreachableReport?, from source: SocketAddress? = nil,
        gateway: String? = nil, at address: SocketAddress, took: Duration
    ) -> Check {
        let (symptom, words) =
            report.map { meaning(of: $0, error, source, gateway, address) } ?? meaning(of: error, address)
        return Check(.tcp, at: address, .failed, symptom, words, took: took)
    }

    private static func meaning(of error: LoopError, _ address: SocketAddress) -> (Symptom, Phrase) {
        let family = address.family == .ipv6 ? "IPv6" : "IPv4"
        return switch error.name {
        case "ECONNREFUSED":
            (
                .refused,
                Phrase(
                    "refused: the machine answers, nobody listens on port \(address.port)",
                    "遭拒：機器有回應，連接埠 \(address.port) 上沒有程式在接聽")
            )
        case "ECONNRESET", "EPIPE", "ECONNABORTED":
            (
                .resetOnConnect,
                Phrase(
                    "reset while connecting: something took the connection and threw it away",
                    "連線時遭重設：有東西接下連線又丟掉")
            )
        case "ETIMEDOUT": (.filtered, Phrase("no answer at all: something drops the packets", "毫無回音：有東西丟棄封包"))
        case "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL":
            (
                .noRoute,
                Phrase(
                    "no route: this machine does not know where to send the packets (\(error.name))",
                    "沒有路由：這部機器不知道封包該往哪裡送（\(error.name)）")
            )
        case "EINVAL":
            (
                .noRoute,
                Phrase(
                    "a route of this machine throws packets to \(address.host) away (blackhole)",
                    "這部機器有路由把送往 \(address.host) 的封包丟掉（blackhole）")
            )
        case "EHOSTUNREACH", "EHOSTDOWN", "ENONET":
            (
                .unreachable,
                Phrase(
                    "unreachable: a route of this machine, or a router, reports it (\(error.name))",
                    "無法到達：這部機器的路由或某部路由器如此回報（\(error.name)）")
            )
        case "EPERM", "EACCES":
            (
                .forbiddenHere,
                Phrase("forbidden by this machine's own rules (\(error.name))", "遭這部機器自己的規則禁止（\(error.name)）")
            )
        case "EAFNOSUPPORT": (.familyMissing, Phrase("this machine has no \(family)", "這部機器沒有 \(family)"))
        case "ENODEV":
            (.interfaceDown, Phrase("\(error.operation): there is no such interface", "\(error.operation)：沒有這個介面"))
        default: (.tcpFailed, Phrase("\(error.reason) (\(error.name))", "系統回報 \(error.reason)（\(error.name)）"))
        }
    }

    private static func meaning(
        of report: UnreachableReport, _ error: LoopError, _ source: SocketAddress?, _ gateway: String?,
        _ address: SocketAddress
    ) -> (Symptom, Phrase) {
        let host = report.reporter?.host
        let isHere = host != nil && host == source?.host
        let reporter =
            host.map { $0 == address.host ? Phrase("\($0) itself", "\($0) 本身") : Phrase(same: $0) }
            ?? Phrase("a router", "某部路由器")
        let unreachable = Phrase("unreachable: ", "無法到達：") + reporter
        let rejected = Phrase("rejected: ", "遭拒：") + reporter
        return switch report.meaning {
        case .host where isHere:
            (
                .noNeighbour,
                gateway.map {
                    Phrase(
                        "nobody on this machine's own network answers for \($0), the gateway to \(address.host)",
                        "這部機器自己的網路上，沒有人回應通往 \(address.host) 的閘道 \($0)")
                }
                    ?? Phrase(
                        "nobody on this machine's own network answers for \(address.host)",
                        "這部機器自己的網路上，沒有人回應 \(address.host)")
            )
        case .port where isHere, .prohibited where isHere:
            (
                .forbiddenHere,
                Phrase("forbidden by this machine's own firewall, which reports it", "遭這部機器自己的防火牆禁止，它如此回報")
            )
        case .port:
            (
                .rejected,
                rejected + Phrase(" reports “port unreachable”, a firewall's word", " 回報“port unreachable”，是防火牆的說法")
            )
        case .prohibited:
            (
                .rejected,
                rejected
                    + Phrase(
                        " reports “administratively prohibited”, a firewall's word",
                        " 回報“administratively prohibited”，是防火牆的說法")
            )
        case .network:
            (.unreachable, unreachable + Phrase(" reports that it knows no way to this network", " 回報它不知道通往這個網路的路"))
        case .host:
            (
                .unreachable,
                unreachable + Phrase(" reports that nobody answers for this address there", " 回報那裡沒有人回應這個位址")
            )
        case .hopsExceeded:
            (.unreachable, unreachable + Phrase(" reports that the packet went in circles", " 回報封包在繞圈子"))
        case .tooLarge(let bytes):
            (
                .tcpFailed,
                reporter + Phrase(" reports that packets may have \(bytes) bytes at most", " 回報封包最多只能有 \(bytes) 位元組")
            )
        case .other(let type, let code):
            (
                .unreachable,
                unreachable
                    + Phrase(
                        " reports ICMP type \(type), code \(code) (\(error.name))",
                        " 回報 ICMP 類型 \(type)、代碼 \(code)（\(error.name)）")
            )
        }
    }
}
