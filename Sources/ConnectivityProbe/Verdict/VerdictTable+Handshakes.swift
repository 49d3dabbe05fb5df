/// Rows for paths on which TCP connects and TLS does not get through.
extension VerdictTable {
    static let handshakes = [
        VerdictRow(
            .pathMTU, .failed, reach: 4,
            "Path MTU: {seen}. TCP connects, because its first packets are small; TLS hangs, because its are not. A "
                + "classic of VPNs: a link on the way takes less than this machine believes, and the ICMP message that "
                + "would say so is dropped.",
            next:
                "Best on the VPN gateway: clamp the segment size to the path (nft: tcp option maxseg size set rt mtu), "
                + "and let ICMP “fragmentation needed” pass. Until then on this machine: ip route change … mtu {largest}, "
                + "or ip link set dev {interface} mtu {largest}."),
        VerdictRow(
            .tlsCutOnTheWay, .failed, reach: 5,
            "Something on the way cuts TLS: the handshake with {address} comes to nothing, and in plain text the very same "
                + "server answers. A firewall that looks into TLS, and does not let what it sees pass.",
            next:
                "Ask the keepers of the network to let port {port} to {address} pass without looking into it. Until then "
                + "another port may pass: rollcall serve --listen."),
        VerdictRow(
            .atLimit, .failed, reach: 5,
            "The server at {address} is at its limit of connections and turns newcomers away: {seen}. The path works.",
            next:
                "On the server: its log tells whom it turned away; look for what holds the connections (ss -tn 'sport = "
                + ":{port}'), or raise the limit that is named, with the open files that it takes."),
        VerdictRow(
            .notTLS, .failed, reach: 5,
            "What listens on {address} port {port} does not speak TLS: another program is on this port: {seen}.",
            next: "On {address}: ss -ltnp 'sport = :{port}' names the program. Move it, or give Rollcall another port."),
        VerdictRow(
            .stalledAfterConnect, .failed, reach: 4,
            "Connects, but nothing gets through: {address} takes the connection, and not a byte sent after that is "
                + "confirmed. Half open: a firewall that forgets or never learned the connection, a way back that differs "
                + "from the way there, or a machine that died behind a box that connects in its name.",
            next:
                "Follow both ways (traceroute from here and from {address}): they must pass the same firewalls. Look at "
                + "their tables of connections, and let port {port} pass in both directions."),
        VerdictRow(
            .silentAfterConnect, .failed, reach: 4,
            "Connects, but is not answered: TCP to {address} is open, and the TLS greeting has no answer ({seen}). The "
                + "program there hangs, or a firewall that looks into TLS holds it back.",
            next:
                "Probe from the server's own network: if it works there, have the firewall let port {port} pass unseen. "
                + "If not, look at the server's log on {address}, and restart it."),
        VerdictRow(
            .resetInHandshake, .failed, reach: 4,
            "The connection to {address} is reset in the middle of the TLS handshake: a firewall that looks into TLS, "
                + "a load balancer, or a server that has just stopped.",
            next: "Probe from the server's own network: if it works there, a middlebox cuts it; have port {port} to "
                + "{address} exempted. If not, look at the server's log."),
        VerdictRow(
            .closedInHandshake, .failed, reach: 4,
            "{address} hangs up on the TLS greeting without a word: another program on the port, or a load balancer "
                + "without a server.",
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
