internal import EventLoop

/// Asks each name server of this machine itself, at once: for the name, and for one that cannot exist. Confined to its
/// loop; answers once.
final class NameServers {
    /// What one server said.
    struct Said: Equatable {
        var server: String
        /// Nil: no answer, or not asked.
        var ipv4: DNSMessage.Answer?
        var ipv6: DNSMessage.Answer?
        /// The answer for a name that cannot exist.
        var impossible: DNSMessage.Answer?
        /// Why it could not be asked: "connection refused".
        var failure: String?

        var isSilent: Bool { ipv4 == nil && ipv6 == nil && impossible == nil }
        var addresses: [String] { ((ipv4?.addresses ?? []) + (ipv6?.addresses ?? [])).sorted() }
    }

    /// Servers that are asked at most: the system's resolver takes no more than three either (resolv.conf(5)).
    static let serversMax = 3

    private var exchanges: [DatagramExchange] = []
    private var said: [Said]
    private var waiting = 0
    private let watch = Stopwatch()
    private let completion: ([Said], Duration) -> Void

    init(
        _ servers: [String], asking host: String, port: UInt16 = 53, within limit: Duration, _ options: DialOptions,
        on loop: EventLoop, completion: @escaping ([Said], Duration) -> Void
    ) {
        said = servers.prefix(Self.serversMax).map { Said(server: $0) }
        self.completion = completion
        // RFC 6761 section 6.4: no name under .invalid exists.
        let impossible = "rollcall-probe-\(UInt32.random(in: 0 ... .max)).invalid"
        for (index, server) in said.enumerated() {
            guard let address = SocketAddress(host: server.server, port: port) else { continue }
            let questions: [(String, DNSMessage.Question, WritableKeyPath<Said, DNSMessage.Answer?>)] = [
                (host, .ipv4, \.ipv4), (host, .ipv6, \.ipv6), (impossible, .ipv4, \.impossible),
            ]
            for (name, question, path) in questions {
                let id = UInt16.random(in: 0 ... .max)
                guard let bytes = DNSMessage.query(name, question, id: id) else { continue }
                waiting += 1
                exchanges.append(
                    DatagramExchange(asking: address, bytes, within: limit, options, on: loop) { [weak self] result in
                        guard let self else { return }
                        switch result {
                        case .success(let answer): said[index][keyPath: path] = DNSMessage.answer(answer, id: id)
                        case .failure(let error): said[index].failure = error.reason
                        case nil: break
                        }
                        waiting -= 1
                        if waiting == 0 { self.completion(said, watch.elapsed) }
                    })
            }
        }
        if waiting == 0 {
            let bound = LoopBound(self, of: loop)
            loop.post { bound.value.completion(bound.value.said, bound.value.watch.elapsed) }
        }
    }

    // MARK: files

    /// The servers of a resolv.conf, in order.
    static func servers(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.count > 1 && fields[0] == "nameserver" ? String(fields[1]) : nil
        }
    }

    /// The addresses that a hosts file has for a name.
    static func addresses(of host: String, in hosts: String) -> [String] {
        hosts.split(separator: "\n").compactMap { line in
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            let isThere = fields.dropFirst().contains { $0.lowercased() == host.lowercased() }
            return isThere ? fields.first.map(String.init) : nil
        }
    }
}
