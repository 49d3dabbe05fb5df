internal import AgentClient
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
            return (Check(.name, .failed, .resolverSilent, "no resolver answered in time", took: took), [])
        case .failure(let error):
            return (failed(error, host, took: took), [])
        case .success(let all):
            return some(all, settings, took: took)
        }
    }

    private static func failed(_ error: LoopError, _ host: String, took: Duration) -> Check {
        switch error.name {
        case "EAI_NONAME", "EAI_NODATA", "ENOENT":
            Check(.name, .failed, .nameNotFound, "the resolver knows no address for \(host)", took: took)
        case "EAI_AGAIN":
            Check(
                .name, .failed, .resolverSilent, "no resolver answered for \(host) (\(error.reason))", took: took)
        default:
            Check(.name, .failed, .resolverFailed, "\(error.reason) (\(error.name))", took: took)
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
                    all.isEmpty ? "it has no address" : "it has no \(missing) address, only \(names)", took: took), []
            )
        }
        let tried = Array(fitting.prefix(ProbeRunner.addressesMax))
        var words = tried.map(\.host).joined(separator: ", ")
        if all.map(\.host) == [settings.target.host] { words = "\(words) is an address: nothing to look up" }
        if tried.count < fitting.count { words += " (the first \(tried.count) of \(fitting.count))" }
        return (
            Check(.name, .passed, took > settings.limits.slowName ? .slowName : nil, words, took: took), tried
        )
    }
}
