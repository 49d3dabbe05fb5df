/// Rows for paths that work, and deserve a look.
extension VerdictTable {
    static let remarks = [
        VerdictRow(
            .agentElsewhere, .doubtful, reach: 9,
            "The path works, but this machine's agent is configured for another server: {seen}.",
            next:
                "If {host} is the right one, correct “server” in the agent's settings and restart it: systemctl restart "
                + "rollcall-agent."),
        VerdictRow(
            .agentStopped, .doubtful, reach: 9,
            "The path works, but this machine's agent does not run: {seen}.",
            next: "systemctl enable --now rollcall-agent; if it ends again: journalctl -u rollcall-agent."),
        VerdictRow(
            .nodeRefuses, .doubtful, reach: 9,
            "The machine at {address} answers, but nothing listens on its port {port}: the network is fine as far as there.",
            next:
                "If this machine should listen there (a process server on 9443, a member of a consistency group on 20004), "
                + "look at its services; if not, its agent's log says why it does not come in."),
        VerdictRow(
            .ipv6Broken, .doubtful, reach: 9,
            "IPv4 works; IPv6 is advertised for {host} and does not work: who tries {address} first waits, or fails. It "
                + "was {seen}.",
            next: "Mend IPv6 on the way to {address}, or take the IPv6 address out of the name; until then use -4."),
        VerdictRow(
            .someAddressesFail, .doubtful, reach: 9,
            "{host} has several addresses, and not all of them work: who tries {address} first waits, or fails.",
            next: "Mend {address} ({seen}), or take it out of the name."),
        VerdictRow(
            .draining, .doubtful, reach: 9,
            "The server drains: it is about to stop, and turns newcomers away until it is back. The path works.",
            next:
                "Wait a minute and probe again; agents come back by themselves. If it stays away, see on the server why it does not "
                + "start: journalctl -u rollcall."),
        VerdictRow(
            .clockOff, .doubtful, reach: 9,
            "The clocks differ: {seen}. Still good enough; from 15 minutes on, registration fails.",
            next: "Let chrony or systemd-timesyncd keep the clocks of both machines."),
        VerdictRow(
            .wrongName, .doubtful, reach: 9,
            "The fleet's own server answers, under a name that its certificate does not have: {seen}.",
            next:
                "Agents go by the fleet's name in the certificate and come in all the same; browsers and scripts do not. "
                + "Dial one of the names it has, or add this one on the server: rollcall pki server --host {host}."),
        VerdictRow(
            .expiresSoon, .doubtful, reach: 9,
            "The server's certificate ends soon: {seen}.",
            next: "Renew it on the server before that: rollcall pki server."),
        VerdictRow(
            .lossy, .doubtful, reach: 9,
            "It works, but packets get lost on the way: {seen}. Heartbeats come late, and connections break.",
            next: "Run the probe with --watch for a minute; then look at the links on the way (VPN, wireless, a duplex "
                + "mismatch, a full line)."),
        VerdictRow(
            .idleLimit, .doubtful, reach: 9,
            "Something on the way forgets connections that are not used: {seen}.",
            next: "Set the heartbeat interval (or TCP's own sign of life, net.ipv4.tcp_keepalive_time) below that, or "
                + "lengthen the idle time-out of the firewall or NAT."),
        VerdictRow(
            .slowPing, .doubtful, reach: 9,
            "It works, slowly: {seen}.",
            next: "Probe from the server's own network: if it is fast there, the path is slow (VPN, load); if not, the "
                + "server is."),
        VerdictRow(
            .slowHandshake, .doubtful, reach: 9,
            "It works, but the TLS handshake is slow: packets get lost on the way, or the server is under load.",
            next: "Probe again a few times: if the TCP connection is slow too, it is the path; if not, the server."),
        VerdictRow(
            .slowConnect, .doubtful, reach: 9,
            "It works, but the first packet to {address} was lost: the path loses packets.",
            next: "Probe again a few times; if it happens often, look at the VPN and the links on the way."),
        VerdictRow(
            .slowName, .doubtful, reach: 9,
            "It works, but the name takes long: a resolver that this machine asks first does not answer.",
            next: "Look at the order of the name servers in /etc/resolv.conf and take out the dead one."),
    ]
}
