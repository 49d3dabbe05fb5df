internal import ErrorCatalogue

/// What the name servers said themselves, against the hosts file. Pure.
enum NameServerFindings {
    static func check(_ said: [NameServers.Said], host: String, hosts: [String], took: Duration) -> Check {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) -> Check {
            Check(.resolvers, state, symptom, words, took: took)
        }
        let words = said.map(words).inClauses()
        if let liar = said.first(where: { $0.impossible?.addresses.isEmpty == false }) {
            let made = liar.impossible?.addresses.joined(separator: ", ") ?? ""
            return line(
                .failed, .resolverLies,
                Phrase(
                    "\(liar.server) answers \(made) for a name that cannot exist; for \(host) it says ",
                    "\(liar.server) 對不可能存在的名稱回答 \(made)；對 \(host) 則說 ")
                    + (liar.addresses.isEmpty
                        ? Phrase("nothing", "沒有") : Phrase(same: liar.addresses.joined(separator: ", "))))
        }
        let answers = said.filter { !$0.addresses.isEmpty }
        let names = hosts.joined(separator: ", ")
        let listed = Phrase("/etc/hosts says \(names)", "/etc/hosts 說 \(names)")
        if let first = answers.first, !hosts.isEmpty, !hosts.contains(where: first.addresses.contains) {
            return line(
                .passed, .hostsMismatch, listed + Phrase(", which counts; ", "，以它為準；") + words)
        }
        if !hosts.isEmpty { return line(.passed, nil, [listed, words].inClauses()) }
        // One that knows no such name says something, too; one that fails does not.
        let sure = said.filter { [0, 3].contains($0.ipv4?.code) || !$0.addresses.isEmpty }
        if !answers.isEmpty, sure.contains(where: { $0.addresses != sure.first?.addresses }) {
            return line(.passed, .resolversDisagree, words)
        }
        if said.isEmpty {
            return line(
                .unknown, nil, Phrase("no name server is listed in /etc/resolv.conf", "/etc/resolv.conf 沒有列出名稱伺服器"))
        }
        if said.allSatisfy(\.isSilent) { return line(.unknown, nil, words) }
        // The system says of these, too, that nobody answered.
        if !said.contains(where: { $0.isSilent || [0, 3].contains($0.ipv4?.code) || [0, 3].contains($0.ipv6?.code) }) {
            return line(.failed, .resolverFailed, words)
        }
        return line(.passed, nil, words)
    }

    private static func words(_ said: NameServers.Said) -> Phrase {
        let server = said.server
        if said.isSilent {
            return Phrase("\(server) does not answer", "\(server) 不回應")
                + Phrase(same: said.failure.map { " (\($0))" } ?? "")
        }
        guard said.addresses.isEmpty else {
            let addresses = said.addresses.joined(separator: ", ")
            return Phrase("\(server) says \(addresses)", "\(server) 說 \(addresses)")
        }
        switch said.ipv4?.code ?? said.ipv6?.code {
        case nil: return Phrase("\(server) answers, but not for this name", "\(server) 有回應，但沒有回答這個名稱")
        case 0?: return Phrase("\(server) knows the name, without an address", "\(server) 知道這個名稱，但沒有位址")
        case 2?: return Phrase("\(server) fails (SERVFAIL)", "\(server) 出錯（SERVFAIL）")
        case 3?: return Phrase("\(server) says there is no such name (NXDOMAIN)", "\(server) 說沒有這個名稱（NXDOMAIN）")
        case 5?: return Phrase("\(server) refuses to answer (REFUSED)", "\(server) 拒絕回答（REFUSED）")
        case let code?: return Phrase("\(server) answers with error \(code)", "\(server) 回答錯誤 \(code)")
        }
    }
}
