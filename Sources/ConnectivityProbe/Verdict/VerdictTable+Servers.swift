/// Rows for paths on which TLS gets through.
extension VerdictTable {
    static let strangers = [
        VerdictRow(
            .notRollcall, .failed, reach: 6,
            "TLS gets through to {address}, but no Rollcall server answers there: {seen}.",
            next: "Is {host} port {port} the right place? If it is, something stands in between (a proxy, a load "
                + "balancer that ends TLS): its certificate, above, says whose it is."),
        VerdictRow(
            .identityRefused, .failed, reach: 8,
            "The server refuses the certificate of this machine: {seen}.",
            next: "Look at it with rollcall pki show. If it expired or is another fleet's, issue a new one on the "
                + "server: rollcall pki node."),
        VerdictRow(
            .identityNotSeen, .failed, reach: 8,
            "The identity that was shown does not arrive: {seen}.",
            next: "Something between here and {address} ends TLS and begins it anew: have port {port} exempted."),
    ]

    static let servers = [
        VerdictRow(
            .pingUnanswered, .failed, reach: 7,
            "Connects, but does not answer: TLS works, the ping gets no reply. The server hangs, or larger packets "
                + "vanish on the way.",
            next: "Probe from the server's own network; if it is the same there, look at the server's log and restart "
                + "it."),
        VerdictRow(
            .pingCut, .failed, reach: 7,
            "The connection is cut after the handshake: {seen}.",
            next: "Run the probe again: a server that restarts does this once. If it stays, look at the server's log, "
                + "and for firewalls on the way."),
        VerdictRow(
            .pingRefused, .failed, reach: 7,
            "Something that calls itself rollcall/1 does not answer as it should: {seen}.",
            next: "Compare the versions of server and probe (rollcall --version on both)."),
    ]

    static let certificates = [
        VerdictRow(
            .clockFarOff, .failed, reach: 9,
            "The clocks differ by a quarter of an hour or more: {seen}. Registration fails, certificates seem expired.",
            next: "Compare date -u on both machines, set the wrong one; let chrony or systemd-timesyncd keep it."),
        VerdictRow(
            .expired, .failed, reach: 8,
            "The server's certificate has expired, by this machine's clock: {seen}.",
            next: "Compare the clocks first (date -u on both). If they agree, renew on the server: rollcall pki server."
        ),
        VerdictRow(
            .notYetValid, .failed, reach: 8,
            "The server's certificate is not valid yet, by this machine's clock: one of the clocks is wrong, or was when it "
                + "was made.",
            next:
                "Compare the clocks (date -u on both) and set the wrong one; let chrony or systemd-timesyncd keep it. If "
                + "they agree, make the certificate anew on the server: rollcall pki server."
        ),
        VerdictRow(
            .foreignIssuer, .failed, reach: 8,
            "The certificate comes from a foreign issuer: a firewall that inspects TLS stands in between, or another "
                + "server answers at {address}. It was {seen}.",
            next: "Ask the keepers of the network to exempt port {port} to {address} from TLS inspection; its issuer's "
                + "name, above, often says which product it is."),
        VerdictRow(
            .otherAuthority, .failed, reach: 8,
            "A Rollcall server answers, but the CA at hand does not vouch for it: it is another fleet's, or the CA was "
                + "made anew. It was {seen}.",
            next: "Fetch ca.pem from the server's pki directory again and compare. If the CA was made anew, every node "
                + "needs a new identity: rollcall pki node."),
        VerdictRow(
            .otherHolder, .failed, reach: 8,
            "Not the server that was meant: {seen}.",
            next: "Is {host} port {port} the right place? A node's certificate cannot stand for a server: issue one "
                + "with rollcall pki server."),
        VerdictRow(
            .certificateRefused, .failed, reach: 8,
            "The server's certificate cannot be accepted: {seen}.",
            next: "Issue a new one on the server: rollcall pki server."),
        VerdictRow(
            .registrySilent, .failed, reach: 9,
            "The server is there, but its registry does not answer: registrations and changes wait. {seen}.",
            next: "On the server: rollcall status, and its log. A disk that hangs is the usual cause (dmesg, iostat)."),
        VerdictRow(
            .readOnly, .failed, reach: 9,
            "The server is there, but cannot write its registry: new machines are turned away, known ones go on.",
            next: "On the server: rollcall status names the reason (disk full, file read-only)."),
    ]
}
