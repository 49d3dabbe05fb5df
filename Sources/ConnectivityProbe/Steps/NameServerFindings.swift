/// What the name servers said themselves, against the hosts file. Pure.
enum NameServerFindings {
    static func check(_ said: [NameServers.Said], host: String, hosts: [String], took: Duration) -> Check {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: String) -> Check {
            Check(.resolvers, state, symptom, words, took: took)
        }
        let words = said.map(words).joined(separator: "; ")
        if let liar = said.first(where: { $0.impossible?.addresses.isEmpty == false }) {
            let made = liar.impossible?.addresses.joined(separator: ", ") ?? ""
            return line(
                .failed, .resolverLies,
                "\(liar.server) answers \(made) for a name that cannot exist; for \(host) it says "
                    + (liar.addresses.isEmpty ? "nothing" : liar.addresses.joined(separator: ", ")))
        }
        let answers = said.filter { !$0.addresses.isEmpty }
        if let first = answers.first, !hosts.isEmpty, !hosts.contains(where: first.addresses.contains) {
            return line(
                .passed, .hostsMismatch, "/etc/hosts says \(hosts.joined(separator: ", ")), which counts; \(words)")
        }
        if !hosts.isEmpty { return line(.passed, nil, "/etc/hosts says \(hosts.joined(separator: ", ")); \(words)") }
        // One that knows no such name says something, too; one that fails does not.
        let sure = said.filter { [0, 3].contains($0.ipv4?.code) || !$0.addresses.isEmpty }
        if !answers.isEmpty, sure.contains(where: { $0.addresses != sure.first?.addresses }) {
            return line(.passed, .resolversDisagree, words)
        }
        if said.isEmpty { return line(.unknown, nil, "no name server is listed in /etc/resolv.conf") }
        if said.allSatisfy(\.isSilent) { return line(.unknown, nil, words) }
        return line(.passed, nil, words)
    }

    private static func words(_ said: NameServers.Said) -> String {
        if said.isSilent { return "\(said.server) does not answer\(said.failure.map { " (\($0))" } ?? "")" }
        guard said.addresses.isEmpty else { return "\(said.server) says \(said.addresses.joined(separator: ", "))" }
        switch said.ipv4?.code ?? said.ipv6?.code {
        case nil: return "\(said.server) answers, but not for this name"
        case 0?: return "\(said.server) knows the name, without an address"
        case 2?: return "\(said.server) fails (SERVFAIL)"
        case 3?: return "\(said.server) says there is no such name (NXDOMAIN)"
        case 5?: return "\(said.server) refuses to answer (REFUSED)"
        case let code?: return "\(said.server) answers with error \(code)"
        }
    }
}
