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

    private static func meaning(of error: LoopError, _ address: SocketAddress) -> (Symptom, String) {
        switch error.name {
        case "ECONNREFUSED": (.refused, "refused: the machine answers, nobody listens on port \(address.port)")
        case "ECONNRESET", "EPIPE", "ECONNABORTED":
            (.resetOnConnect, "reset while connecting: something took the connection and threw it away")
        case "ETIMEDOUT": (.filtered, "no answer at all: something drops the packets")
        case "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL":
            (.noRoute, "no route: this machine does not know where to send the packets (\(error.name))")
        case "EINVAL": (.noRoute, "a route of this machine throws packets to \(address.host) away (blackhole)")
        case "EHOSTUNREACH", "EHOSTDOWN", "ENONET":
            (.unreachable, "unreachable: a route of this machine, or a router, reports it (\(error.name))")
        case "EPERM", "EACCES": (.forbiddenHere, "forbidden by this machine's own rules (\(error.name))")
        case "EAFNOSUPPORT": (.familyMissing, "this machine has no \(address.family == .ipv6 ? "IPv6" : "IPv4")")
        case "ENODEV": (.interfaceDown, "\(error.operation): there is no such interface")
        default: (.tcpFailed, "\(error.reason) (\(error.name))")
        }
    }

    private static func meaning(
        of report: UnreachableReport, _ error: LoopError, _ source: SocketAddress?, _ gateway: String?,
        _ address: SocketAddress
    ) -> (Symptom, String) {
        let who = report.reporter?.host ?? "a router"
        let isHere = report.reporter != nil && report.reporter?.host == source?.host
        let reporter = who == address.host ? "\(who) itself" : who
        return switch report.meaning {
        case .host where isHere:
            (
                .noNeighbour,
                gateway.map { "nobody on this machine's own network answers for \($0), the gateway to \(address.host)" }
                    ?? "nobody on this machine's own network answers for \(address.host)"
            )
        case .port where isHere, .prohibited where isHere:
            (.forbiddenHere, "forbidden by this machine's own firewall, which reports it")
        case .port: (.rejected, "rejected: \(reporter) reports “port unreachable”, a firewall's word")
        case .prohibited: (.rejected, "rejected: \(reporter) reports “administratively prohibited”, a firewall's word")
        case .network: (.unreachable, "unreachable: \(reporter) reports that it knows no way to this network")
        case .host: (.unreachable, "unreachable: \(reporter) reports that nobody answers for this address there")
        case .hopsExceeded: (.unreachable, "unreachable: \(reporter) reports that the packet went in circles")
        case .tooLarge(let bytes): (.tcpFailed, "\(reporter) reports that packets may have \(bytes) bytes at most")
        case .other(let type, let code):
            (.unreachable, "unreachable: \(reporter) reports ICMP type \(type), code \(code) (\(error.name))")
        }
    }
}
