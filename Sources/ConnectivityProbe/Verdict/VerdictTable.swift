/// The verdict table: symptom → cause and remedy. The order is the order of precedence: of several symptoms at one
/// address the first row counts, so that what follows from another stands below it.
public enum VerdictTable {
    /// Every row.
    public static let rows = names + connections + handshakes + strangers + certificates + servers + remarks

    /// The first row that fits one of the checks' symptoms.
    static func row(of checks: [Check]) -> VerdictRow? {
        let symptoms = Set(checks.compactMap(\.symptom))
        return rows.first { symptoms.contains($0.symptom) }
    }

    /// The row of a symptom.
    static func row(for symptom: Symptom) -> VerdictRow {
        guard let row = rows.first(where: { $0.symptom == symptom }) else {
            preconditionFailure("a test walks all symptoms: each has its row")
        }
        return row
    }

    private static let names = [
        VerdictRow(
            .nameNotFound, .failed, reach: 0,
            "The name {host} does not exist, or has no address, for the resolver that this machine asks.",
            next: "Check the spelling. Then: getent hosts {host}. If it works elsewhere, compare /etc/resolv.conf; or "
                + "probe the address instead of the name."),
        VerdictRow(
            .resolverSilent, .failed, reach: 0,
            "No resolver answered: whether {host} exists is not known.",
            next: "Check the name servers in /etc/resolv.conf and the way to them (UDP and TCP 53); or probe the "
                + "address instead of the name."),
        VerdictRow(
            .resolverFailed, .failed, reach: 0,
            "The resolver answers, but with an error, for {host}: {seen}.",
            next: "Ask the keeper of the name server; meanwhile probe the address instead of the name."),
        VerdictRow(
            .noAddressOfFamily, .failed, reach: 0,
            "{host} has no address of the family that was asked for: {seen}.",
            next: "Leave out -4 or -6, or have the missing address added to the name."),
    ]

    private static let connections = [
        VerdictRow(
            .refused, .failed, reach: 3,
            "The machine at {address} answers, but nobody listens on port {port} (or a firewall there refuses in its "
                + "name).",
            next: "On {address}: is the server running (systemctl status rollcall), and on this port (ss -ltn)? Is "
                + "{address} the right machine?"),
        VerdictRow(
            .resetOnConnect, .failed, reach: 3,
            "Something at or before {address} takes the connection and resets it at once: a firewall that rejects with "
                + "a reset, or a load balancer without a server behind it.",
            next: "Look for port {port} in the rules of the firewalls on the way, and behind the load balancer."),
        VerdictRow(
            .filtered, .failed, reach: 2,
            "Filtered: something drops the packets to {address} port {port}, and says nothing. A firewall or security "
                + "group, a VPN that is down, or a machine that is off.",
            next: "Open TCP {port} from here to {address} in the firewalls on the way and check the VPN. Probing "
                + "another port of {address} tells a machine that is off from a rule for this port."),
        VerdictRow(
            .unreachable, .failed, reach: 2,
            "A router on the way, or the last hop, reports that {address} cannot be reached: the machine is off, has "
                + "another address, or a firewall rejects.",
            next: "Is {address} on, and this its address? Then follow the way: ip route get {address}; traceroute "
                + "{address}."),
        VerdictRow(
            .noRoute, .failed, reach: 1,
            "This machine has no route to {address}: not a packet left it.",
            next: "ip route get {address}. Is the interface up (ip link), is the VPN connected?"),
        VerdictRow(
            .forbiddenHere, .failed, reach: 1,
            "This machine itself forbids the connection to {address} port {port}.",
            next: "Look at its own outgoing rules: nft list ruleset, and what its security modules allow."),
        VerdictRow(
            .familyMissing, .failed, reach: 1,
            "This machine does not have the address family of {address}.",
            next: "Give {host} an address of the other family, or switch the family on here."),
        VerdictRow(
            .tcpFailed, .failed, reach: 1,
            "The connection to {address} port {port} failed: {seen}.",
            next: "Run the probe again; if it stays, look at this machine's log (journalctl -k)."),
    ]

    private static let handshakes = [
        VerdictRow(
            .notTLS, .failed, reach: 5,
            "What listens on {address} port {port} does not speak TLS: another program is on this port: {seen}.",
            next: "On {address}: ss -ltnp 'sport = :{port}' names the program. Move it, or give Rollcall another port."),
        VerdictRow(
            .silentAfterConnect, .failed, reach: 4,
            "Connects, but does not get through: TCP to {address} is open, and the TLS greeting is never answered. The "
                + "server hangs, full-sized packets vanish on the way (path MTU, a classic of VPNs), or a firewall "
                + "looks into TLS.",
            next: "Probe from the server's own network: if it works there, lower the MTU of the VPN (try 1300), or "
                + "have the firewall let port {port} pass unseen. If not, restart the server on {address}."),
        VerdictRow(
            .resetInHandshake, .failed, reach: 4,
            "The connection to {address} is reset in the middle of the TLS handshake: a firewall that looks into TLS, "
                + "or a server at its limit.",
            next: "Probe from the server's own network: if it works there, a middlebox cuts it; have port {port} to "
                + "{address} exempted. If not, look at the server's log."),
        VerdictRow(
            .closedInHandshake, .failed, reach: 4,
            "{address} hangs up on the TLS greeting without a word: another program on the port, a load balancer "
                + "without a server, or a server at its limit of connections.",
            next: "On {address}: ss -ltnp 'sport = :{port}' names the program; then look at its log."),
        VerdictRow(
            .oldTLS, .failed, reach: 5,
            "{address} speaks only TLS versions older than 1.2: no Rollcall server does that.",
            next:
                "Something old answers on port {port}, or stands in between. On {address}: ss -ltnp 'sport = :{port}'."
        ),
        VerdictRow(
            .nothingInCommon, .failed, reach: 5,
            "TLS at {address} has no cipher suite, group or signature algorithm in common with Rollcall.",
            next: "Another program answers on port {port}, or a policy of the system's OpenSSL forbids what Rollcall "
                + "uses: compare /etc/ssl/openssl.cnf on both machines."),
        VerdictRow(
            .alert, .failed, reach: 5,
            "{address} refuses the TLS handshake: {seen}.",
            next: "Another program answers on port {port}, or a middlebox does. On {address}: ss -ltnp 'sport = "
                + ":{port}', and the log of what listens."),
        VerdictRow(
            .tlsFailed, .failed, reach: 4,
            "The TLS handshake with {address} failed: {seen}.",
            next: "Run the probe again, and from another network; then look at the server's log."),
    ]
}
