// Nodes that do not answer.
extension DecisionTable {
    private static let pathTitle = "{host}: no contact since {since}, and nobody else of site {site} answers"
    private static let pathCause =
        "the path between site {site} and {server} is down (site-to-site VPN, private peering, firewall or router): "
        + "nobody of the site answers"
    private static let pathOther = "a power failure at site {site}"
    private static let pathRemedy = DecisionRow.Remedy([
        "check the VPN or private peering between site {site} and the network of {server}",
        "from a machine of site {site}: telnet {server} {port} (a blank screen is success); ping {server}",
        "if the path is up, look at {host} ({address}) itself",
    ])

    static let processServerRows: [DecisionRow] = [
        DecisionRow(
            code: .processServerSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.processServer], neighbours: [.noneAnswers]),
            title: pathTitle, likelyCause: pathCause, otherCause: pathOther, remedy: pathRemedy),
        DecisionRow(
            code: .processServerSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.processServer], endings: [.reset, .closed]),
            title: "process server {host}: no heartbeat since {since}",
            likelyCause: "tmansvc on {host} stopped, or the machine restarts: its kernel still answered when the "
                + "connection was {loss}",
            otherCause: "a firewall or NAT device between {host} and {server} cut the connection",
            remedy: .init(
                linux: [
                    "sign in to {host} ({address}) and see that tmansvc runs, and start it if not",
                    "on {host}: telnet {server} {port} (a blank screen is success)",
                ],
                windows: [
                    "sign in to {host} ({address}); in services.msc see that tmansvc runs, or: sc start tmansvc",
                    "on {host}: telnet {server} {port} (a blank screen is success)",
                ],
                other: [
                    "sign in to {host} ({address}) and see that tmansvc runs, and start it if not",
                    "on {host}: telnet {server} {port} (a blank screen is success)",
                ])),
        DecisionRow(
            code: .processServerSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.processServer]),
            title: "process server {host}: no heartbeat since {since}",
            likelyCause: "{host} is off, hung or off the network",
            otherCause: "tmansvc on {host} hangs, or {host} cannot reach {server} on port {port}",
            remedy: .init([
                "look at the console of {host} ({address}): start or restart it if it is off or hung",
                "on {host}: see that tmansvc runs; telnet {server} {port} (a blank screen is success)",
            ])),
    ]

    static let masterTargetRows: [DecisionRow] = [
        DecisionRow(
            code: .masterTargetSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.masterTarget], neighbours: [.noneAnswers]),
            title: pathTitle, likelyCause: pathCause, otherCause: pathOther, remedy: pathRemedy),
        DecisionRow(
            code: .masterTargetSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.masterTarget], endings: [.reset, .closed]),
            title: "master target {host}: no heartbeat since {since}",
            likelyCause: "svagents on {host} stopped, or the machine restarts: its kernel still answered when the "
                + "connection was {loss}",
            otherCause: "a firewall or NAT device between {host} and {server} cut the connection",
            remedy: .init([
                "sign in to {host} ({address}) and see that svagents runs, and restart it if not",
                "on {host}: telnet {server} {port} (a blank screen is success)",
            ])),
        DecisionRow(
            code: .masterTargetSilent, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.masterTarget]),
            title: "master target {host}: no heartbeat since {since}",
            likelyCause: "{host} is off, hung or off the network",
            otherCause: "svagents on {host} hangs, or {host} cannot reach {server} on port {port}",
            remedy: .init([
                "look at the console of {host} ({address}): start or restart it if it is off or hung",
                "on {host}: see that svagents runs; telnet {server} {port} (a blank screen is success)",
            ])),
    ]

    static let mobilityAgentRows: [DecisionRow] = [
        DecisionRow(
            code: .noContact, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.mobilityAgent], neighbours: [.noneAnswers]),
            title: pathTitle, likelyCause: pathCause, otherCause: pathOther, remedy: pathRemedy),
        DecisionRow(
            code: .noContact, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.mobilityAgent], endings: [.reset, .closed]),
            title: "{host}: no contact since {since}",
            likelyCause: "the agent on {host} stopped, or the machine restarts: its kernel still answered when the "
                + "connection was {loss}",
            otherCause: "the network: a firewall, NAT device or VPN between {host} and {server} cut the connection",
            remedy: .init([
                "sign in to {host} ({address}) and see that the agent runs, and start it if not",
                "on {host}: telnet {server} {port} (a blank screen is success); ping {server}",
                "on {host}: see that the agent's settings name {server}",
            ])),
        DecisionRow(
            code: .machineGone, severity: .critical,
            pattern: .init(
                topic: .reachability, roles: [.mobilityAgent], endings: [.fellSilent], neighbours: [.someAnswer]),
            title: "{host}: off, hung or off the network since {since}",
            likelyCause: "{host} is off, hung or off the network: it fell silent without closing its connection, and "
                + "others of site {site} answer",
            otherCause: "the agent on {host} hangs",
            remedy: .init([
                "look at the console of {host} ({address}): start or restart it if it is off or hung",
                "see that it is on the right network",
                "then restart the job that needs it",
            ])),
        DecisionRow(
            code: .machineGone, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.mobilityAgent], endings: [.fellSilent]),
            title: "{host}: off, hung or off the network since {since}",
            likelyCause: "{host} is off, hung or off the network: it fell silent without closing its connection",
            otherCause: "the path between site {site} and {server} is down: no other node of the site could tell",
            remedy: .init([
                "look at the console of {host} ({address}): start or restart it if it is off or hung",
                "from {host} or a machine beside it: telnet {server} {port} (a blank screen is success); ping {server}",
            ])),
        DecisionRow(
            code: .noHeartbeatFromSource, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.mobilityAgent], endings: [.notBack]),
            title: "{host}: no heartbeat since {since}",
            likelyCause: "{host} did not come back after {server} restarted: it went away while the server was down",
            otherCause: "its agent cannot get in: see its log for the reason",
            remedy: .init([
                "see whether {host} ({address}) is up and its agent runs",
                "read the agent's log on {host}: it says why it cannot register",
                "on {host}: telnet {server} {port} (a blank screen is success)",
            ])),
        DecisionRow(
            code: .noHeartbeatFromSource, severity: .critical,
            pattern: .init(topic: .reachability, roles: [.mobilityAgent]),
            title: "{host}: no heartbeat since {since}",
            likelyCause: "its connection was {loss}, and it did not come back",
            otherCause: "the agent on {host} is broken or of a version that does not fit this server",
            remedy: .init([
                "read the agent's log on {host} ({address}): it says why it does not come back",
                "restart the agent on {host}",
            ])),
    ]
}
