internal import AgentClient
internal import ErrorCatalogue

/// Proxies that the environment names. Agents go straight and ignore them; other programs here do not, and people
/// mistake one for the other. Pure.
enum EnvironmentFindings {
    private static let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]

    /// The line; nil: no proxy is named.
    static func check(_ environment: [String: String], target: ServerName, proxy: ServerName?) -> Check? {
        let set = names.compactMap { name in
            environment[name].flatMap { $0.isEmpty ? nil : "\(name)=\(withoutPassword($0))" }
        }
        guard let first = set.first else { return nil }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        let isExcepted = exceptions.split(separator: ",").contains { entry in
            let entry = entry.drop { $0 == " " || $0 == "." }
            return entry == "*" || !entry.isEmpty && (target.host == entry || target.host.hasSuffix(".\(entry)"))
        }
        let words =
            proxy != nil
            ? Phrase("\(first); asked for one as --proxy says", "\(first)；依 --proxy 所指使用一個")
            : isExcepted
                ? Phrase("\(first), not for \(target.host) (no_proxy)", "\(first)，不用於 \(target.host)（no_proxy）")
                : Phrase(
                    "\(first): this probe and the agents go straight, without it; --proxy tries it",
                    "\(first)：探測與代理程式都直接連線，不經過它；--proxy 可試用它")
        return Check(.environment, .passed, nil, words)
    }

    /// "http://user:secret@proxy:3128" without what is nobody's business.
    static func withoutPassword(_ value: String) -> String {
        guard let at = value.lastIndex(of: "@") else { return value }
        let scheme = value.range(of: "://").map { value[..<$0.upperBound] } ?? ""
        return "\(scheme)…@\(value[value.index(after: at)...])"
    }
}
