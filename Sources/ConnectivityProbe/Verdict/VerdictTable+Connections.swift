/// Rows for paths that end before, at, or right after the TCP connection.
extension VerdictTable {
    /// This machine's own part.
    static let ways = [
        VerdictRow(
            .interfaceDown, .failed, reach: 1,
            "This machine has no way to {address}, and an interface is down: {seen}.",
            next: "Switch it on (ip link set dev NAME up; for a VPN, start it), then: ip route get {address}."),
        VerdictRow(
            .noNeighbour, .failed, reach: 2,
            "Not a packet gets out of this machine's own network: {seen}. That machine is off, or this one has a wrong "
                + "address, netmask or gateway, or is plugged into the wrong network.",
            next: "ip route get {address} names the gateway; ip neigh shows who is missing. Is that machine on, and is "
                + "this one plugged into the right network?"),
        VerdictRow(
            .refusedOnTheWay, .failed, reach: 3,
            "A firewall on the way refuses in the name of {address}: {seen}.",
            next:
                "Look for a rule that rejects TCP {port} with a reset in the firewalls between here and {address}; the "
                + "server itself has not seen the packet."),
        VerdictRow(
            .rejected, .failed, reach: 3,
            "A firewall rejects the connection to {address} port {port}, and says so: {seen}.",
            next: "Allow TCP {port} from here to {address} on the machine that reports it."),
        VerdictRow(
            .heavyLoss, .failed, reach: 4,
            "Packets get lost on the way to {address}, so many that nothing comes of a connection: {seen}.",
            next:
                "Look at the links on the way (VPN, wireless, a duplex mismatch, a full line); --watch shows when it gets "
                + "better."),
    ]

    static let connections = [
        VerdictRow(
            .refused, .failed, reach: 3,
            "The machine at {address} answers, but nobody listens on port {port} (or a firewall there refuses in its "
                + "name).",
            next:
                "On {address}: is the server running (Rollcall: systemctl status rollcall), and on this port (ss -ltn)? Is "
                + "{address} the right machine?"),
        VerdictRow(
            .resetOnConnect, .failed, reach: 3,
            "Something at or before {address} takes the connection and resets it at once: a server that has "
                + "just stopped, a load balancer without a server behind it, or a firewall.",
            next:
                "On the server: does it run (rollcall status), and does its log know of it? Then the load balancer, "
                + "and the rules for port {port} of the firewalls on the way."),
        VerdictRow(
            .filtered, .failed, reach: 2,
            "Filtered: something drops the packets to {address} port {port}, and says nothing. A firewall or security "
                + "group, a VPN that is down, or a machine that is off.",
            next: "Open TCP {port} from here to {address} in the firewalls on the way and check the VPN. Probing "
                + "another port of {address} tells a machine that is off from a rule for this port."),
        VerdictRow(
            .unreachable, .failed, reach: 2,
            "{address} cannot be reached, and that is reported: {seen}. The machine is off, has another address, or a "
                + "route or VPN on the way is missing.",
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

    static let proxies = [
        VerdictRow(
            .proxyAuthentication, .failed, reach: 4,
            "An HTTP proxy stands in between and wants a user and a password (407): {seen}.",
            next:
                "Agents do not speak to proxies. Have the way to {host} port {port} opened without one, or the proxy let "
                + "it pass without authentication."),
        VerdictRow(
            .proxyRefuses, .failed, reach: 4,
            "The HTTP proxy at {address} does not make the connection: {seen}.",
            next:
                "Ask its keepers to allow CONNECT to {host} port {port}; its log names the rule. 502 to 504 mean that it "
                + "cannot reach {host} itself: probe from there."),
    ]
}
