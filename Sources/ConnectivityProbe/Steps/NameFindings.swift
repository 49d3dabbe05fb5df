internal import AgentClient
internal import ErrorCatalogue
internal import EventLoop

/// What the resolver's answer means. Pure.
enum NameFindings {
    /// The line, and the addresses to try. `result` is nil if no answer came in time.
    static func read(
        _ result: Result<[SocketAddress], LoopError>?, _ settings: ProbeSettings, took: Duration
    ) -> (check: Check, addresses: [SocketAddress]) {
        let host = settings.target.host
        switch result {
        case nil:
            return (
                Check(
                    .name, .failed, .resolverSilent, Phrase("no resolver answered in time", "沒有名稱伺服器及時回應"),
                    took: took), []
            )
        case .failure(let error):
            return (failed(error, host, took: took), [])
        case .success(let all):
            return some(all, settings, took: took)
        }
    }

    private static func failed(_ error: LoopError, _ host: String, took: Duration) -> Check {
        switch error.name {
        case "EAI_NONAME", "EAI_NODATA", "ENOENT":
            Check(
                .name, .failed, .nameNotFound,
                Phrase("the resolver knows no address for \(host)", "名稱伺服器不知道 \(host) 的位址"), took: took)
        case "EAI_AGAIN":
            Check(
                .name, .failed, .resolverSilent,
                Phrase(
                    "no resolver answered for \(host) (\(error.reason))",
                    "沒有名稱伺服器回答 \(host)（\(error.reason)）"), took: took)
        default:
            Check(
                .name, .failed, .resolverFailed,
                Phrase("\(error.reason) (\(error.name))", "系統回報 \(error.reason)（\(error.name)）"), took: took)
        }
    }

    private static func some(
        _ all: [SocketAddress], _ settings: ProbeSettings, took: Duration
    ) -> (check: Check, addresses: [SocketAddress]) {
        let fitting = all.filter { settings.family == nil || $0.family == settings.family }
        let names = all.map(\.host).joined(separator: ", ")
        guard !fitting.isEmpty else {
            let missing = settings.family == .ipv6 ? "IPv6" : "IPv4"
            return (
                Check(
                    .name, .failed, .noAddressOfFamily,
                    all.isEmpty
                        ? Phrase("it has no address", "它沒有位址")
                        : Phrase(
                            "it has no \(missing) address, only \(names)", "它沒有 \(missing) 位址，只有 \(names)"),
                    took: took), []
            )
        }
        let tried = Array(fitting.prefix(ProbeRunner.addressesMax))
        var words = Phrase(same: tried.map(\.host).joined(separator: ", "))
        if all.map(\.host) == [settings.target.host] {
            words = words + Phrase(" is an address: nothing to look up", " 本身就是位址：無須查詢")
        }
        if tried.count < fitting.count {
            words =
                words
                + Phrase(
                    " (the first \(tried.count) of \(fitting.count))", "（共 \(fitting.count) 個，此為前 \(tried.count) 個）")
        }
        return (
            Check(.name, .passed, took > settings.limits.slowName ? .slowName : nil, words, took: took), tried
        )
    }
}
