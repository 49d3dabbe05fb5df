internal import ErrorCatalogue
internal import EventLoop
internal import SecureTransport

/// What the server's chain is worth. Pure: the chain, the authority's verdict and the time in, a line out.
enum CertificateCheck {
    /// What the checking handshake said.
    enum Verdict: Equatable {
        /// There was no authority to ask.
        case notAsked
        /// The authority vouches.
        case trusted
        /// It does not.
        case refused(TLSRefusal)
        /// The second connection came to nothing for another reason.
        case undecided(Phrase)
    }

    static func check(
        _ chain: [CertificateFacts], _ verdict: Verdict, host: String, authority: String?, at address: SocketAddress,
        nowUnixSeconds now: Int64, limits: ProbeLimits, took: Duration?
    ) -> Check {
        guard let leaf = chain.first else {
            return Check(
                .certificate, at: address, .failed, .certificateRefused,
                Phrase("the server shows no certificate", "伺服器沒有出示憑證"), took: took)
        }
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) -> Check {
            Check(.certificate, at: address, state, symptom, words, took: took)
        }
        let (days, whose) = (leaf.daysLeft(atUnixSeconds: now), whose(leaf))
        if leaf.notAfterUnixSeconds < now {
            return line(
                .failed, .expired,
                Phrase("expired \(count(-days, "day")) ago (\(whose))", "已於 \(-days) 天前過期（\(whose)）"))
        }
        if leaf.notBeforeUnixSeconds > now {
            return line(
                .failed, .notYetValid,
                Phrase("not valid yet, by this machine's clock (\(whose))", "依這部機器的時鐘尚未生效（\(whose)）"))
        }
        let left = Phrase("\(count(days, "day")) left", "還剩 \(days) 天")
        let soon: Symptom? = days <= limits.expiresSoonDays ? .expiresSoon : nil
        let source = authority.map { Phrase(same: $0) } ?? Phrase("the authority", "簽發機構")
        let known = Phrase("\(whose), ", "\(whose)，") + left
        let trusted =
            known + Phrase("; trusted: ", "；受信任：") + source + Phrase(" vouches for it", " 為它擔保")
        switch verdict {
        case .notAsked:
            return line(
                .unknown, soon,
                Phrase("\(whose), issued by \(leaf.issuer), ", "\(whose)，由 \(leaf.issuer) 簽發，") + left
                    + Phrase("; trust unknown (no CA given: --ca FILE)", "；是否可信不明（未指定 CA：--ca FILE）"))
        case .trusted where !isFor(host, leaf.hostNames):
            let names = leaf.hostNames.joined(separator: ", ")
            return line(
                .passed, .wrongName,
                trusted + Phrase("; it is for \(names), not for \(host)", "；它屬於 \(names)，而非 \(host)"))
        case .trusted: return line(.passed, soon, trusted)
        case .undecided(let why):
            return line(.unknown, nil, known + Phrase("; trust unknown: ", "；是否可信不明：") + why)
        case .refused(let refusal):
            let (symptom, words) = meaning(of: refusal, leaf, source)
            return line(.failed, symptom, words)
        }
    }

    private static func meaning(
        of refusal: TLSRefusal, _ leaf: CertificateFacts, _ source: Phrase
    ) -> (Symptom, Phrase) {
        switch refusal {
        case .untrustedIssuer where leaf.uri.isEmpty:
            (
                .foreignIssuer,
                Phrase(
                    "not trusted: issued by \(leaf.issuer), which is no fleet's authority (\(whose(leaf)))",
                    "不受信任：由 \(leaf.issuer) 簽發，那不是任何機群的簽發機構（\(whose(leaf))）")
            )
        case .untrustedIssuer:
            (
                .otherAuthority,
                Phrase(
                    "not trusted: \(leaf.uri) issued by \(leaf.issuer), not by the authority in ",
                    "不受信任：\(leaf.uri) 由 \(leaf.issuer) 簽發，而非出自 ")
                    + source
            )
        case .wrongName(let holder):
            (
                .otherHolder,
                Phrase(
                    "the authority vouches for it, but it is \(holder.isEmpty ? whose(leaf) : holder)",
                    "簽發機構為它擔保，但它是 \(holder.isEmpty ? whose(leaf) : holder)")
            )
        case .expired: (.expired, Phrase("a certificate of its chain has expired", "憑證鏈中有一張已過期"))
        case .notYetValid:
            (.notYetValid, Phrase("a certificate of its chain is not valid yet", "憑證鏈中有一張尚未生效"))
        default: (.certificateRefused, refusal.phrase)
        }
    }

    /// Whether one of the names covers the host (RFC 9525 section 6.3: a star stands for one label).
    static func isFor(_ host: String, _ names: [String]) -> Bool {
        let host = host.lowercased()
        return names.contains { name in
            let name = name.lowercased()
            guard name.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return name == host }
            return host[dot...] == name.dropFirst()
        }
    }

    /// How people know it.
    private static func whose(_ leaf: CertificateFacts) -> String {
        leaf.uri.isEmpty ? leaf.subject : leaf.uri
    }

    private static func count(_ number: Int64, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
