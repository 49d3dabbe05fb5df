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
        case undecided(String)
    }

    static func check(
        _ chain: [CertificateFacts], _ verdict: Verdict, host: String, authority: String?, at address: SocketAddress,
        nowUnixSeconds now: Int64, limits: ProbeLimits, took: Duration?
    ) -> Check {
        guard let leaf = chain.first else {
            return Check(
                .certificate, at: address, .failed, .certificateRefused, "the server shows no certificate", took: took)
        }
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: String) -> Check {
            Check(.certificate, at: address, state, symptom, words, took: took)
        }
        let days = leaf.daysLeft(atUnixSeconds: now)
        if leaf.notAfterUnixSeconds < now {
            return line(.failed, .expired, "expired \(count(-days, "day")) ago (\(whose(leaf)))")
        }
        if leaf.notBeforeUnixSeconds > now {
            return line(.failed, .notYetValid, "not valid yet, by this machine's clock (\(whose(leaf)))")
        }
        let left = "\(count(days, "day")) left"
        let source = authority ?? "the authority"
        switch verdict {
        case .notAsked:
            return line(
                .unknown, days <= limits.expiresSoonDays ? .expiresSoon : nil,
                "\(whose(leaf)), issued by \(leaf.issuer), \(left); trust unknown (no CA given: --ca FILE)")
        case .trusted where !isFor(host, leaf.hostNames):
            return line(
                .passed, .wrongName,
                "\(whose(leaf)), \(left); trusted: \(source) vouches for it; it is for "
                    + "\(leaf.hostNames.joined(separator: ", ")), not for \(host)")
        case .trusted:
            return line(
                .passed, days <= limits.expiresSoonDays ? .expiresSoon : nil,
                "\(whose(leaf)), \(left); trusted: \(source) vouches for it")
        case .undecided(let why):
            return line(.unknown, nil, "\(whose(leaf)), \(left); trust unknown: \(why)")
        case .refused(let refusal):
            let (symptom, words) = meaning(of: refusal, leaf, source)
            return line(.failed, symptom, words)
        }
    }

    private static func meaning(
        of refusal: TLSRefusal, _ leaf: CertificateFacts, _ source: String
    ) -> (Symptom, String) {
        switch refusal {
        case .untrustedIssuer where leaf.uri.isEmpty:
            (.foreignIssuer, "not trusted: issued by \(leaf.issuer), which is no fleet's authority (\(whose(leaf)))")
        case .untrustedIssuer:
            (.otherAuthority, "not trusted: \(leaf.uri) issued by \(leaf.issuer), not by the authority in \(source)")
        case .wrongName(let holder):
            (.otherHolder, "the authority vouches for it, but it is \(holder.isEmpty ? whose(leaf) : holder)")
        case .expired: (.expired, "a certificate of its chain has expired")
        case .notYetValid: (.notYetValid, "a certificate of its chain is not valid yet")
        default: (.certificateRefused, "\(refusal)")
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
