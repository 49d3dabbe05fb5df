/// What can be remarkable about a path. Each has its row in the verdict table. The raw values are the names in JSON:
/// promises.
public enum Symptom: String, CaseIterable, Hashable, Sendable {
    // The name.
    /// The resolver says that the name does not exist, or has no address.
    case nameNotFound = "name-not-found"
    /// No resolver answered, or it said to come back later.
    case resolverSilent = "resolver-silent"
    /// The resolver answered, with an error.
    case resolverFailed = "resolver-failed"
    /// The name has addresses, but none of the family asked for.
    case noAddressOfFamily = "no-address-of-family"
    /// A name server answers for a name that cannot exist: what it says is made up.
    case resolverLies = "resolver-lies"
    /// Name servers give different addresses.
    case resolversDisagree = "resolvers-disagree"
    /// /etc/hosts says another address than the name servers.
    case hostsMismatch = "hosts-mismatch"
    /// The name resolves, but slowly.
    case slowName = "slow-name"

    // TCP.
    /// The machine answered that nobody listens.
    case refused
    /// A firewall reports by ICMP that it does not let this through.
    case rejected
    /// Something nearer than the machine refused in its name.
    case refusedOnTheWay = "refused-on-the-way"
    /// The connection was reset while it was being made.
    case resetOnConnect = "reset-on-connect"
    /// Not a packet came back.
    case filtered
    /// This machine has no route there.
    case noRoute = "no-route"
    /// A router reported that it cannot deliver.
    case unreachable
    /// Nobody on the local network answers for the address, or for the gateway's.
    case noNeighbour = "no-neighbour"
    /// No route, and an interface is down.
    case interfaceDown = "interface-down"
    /// This machine's own rules forbid the connection.
    case forbiddenHere = "forbidden-here"
    /// This machine has no such address family.
    case familyMissing = "family-missing"
    /// Something else.
    case tcpFailed = "tcp-failed"
    /// The HTTP proxy wants a user and a password.
    case proxyAuthentication = "proxy-authentication"
    /// The HTTP proxy does not make the connection.
    case proxyRefuses = "proxy-refuses"
    /// It connects, but so late that a packet must have been lost.
    case slowConnect = "slow-connect"

    // TLS.
    /// The server says that it is at its limit of connections.
    case atLimit = "at-limit"
    /// What listens does not speak TLS.
    case notTLS = "not-tls"
    /// Small packets pass, large ones vanish.
    case pathMTU = "path-mtu"
    /// The connection was accepted, and nothing that was sent then is confirmed.
    case stalledAfterConnect = "stalled-after-connect"
    /// The connection was accepted, and then nothing came.
    case silentAfterConnect = "silent-after-connect"
    /// The handshake was cut with a reset.
    case resetInHandshake = "reset-in-handshake"
    /// The handshake was ended with FIN.
    case closedInHandshake = "closed-in-handshake"
    /// The handshake is cut, and in plain text the server itself answers: something in between cuts TLS.
    case tlsCutOnTheWay = "tls-cut-on-the-way"
    /// No TLS version in common.
    case oldTLS = "old-tls"
    /// No cipher suite, group or signature algorithm in common.
    case nothingInCommon = "nothing-in-common"
    /// The other side ended the handshake with an alert.
    case alert = "tls-alert"
    /// The handshake failed otherwise.
    case tlsFailed = "tls-failed"
    /// It succeeds, but slowly.
    case slowHandshake = "slow-handshake"

    // The certificate.
    /// Expired, by this machine's clock.
    case expired
    /// Not valid yet, by this machine's clock.
    case notYetValid = "not-yet-valid"
    /// From an authority that is no fleet's.
    case foreignIssuer = "foreign-issuer"
    /// A fleet's certificate, but not from the authority given.
    case otherAuthority = "other-authority"
    /// A server of another fleet, or no server.
    case otherHolder = "other-holder"
    /// Trusted, but not for the name that was dialled.
    case wrongName = "wrong-name"
    /// Refused for another reason.
    case certificateRefused = "certificate-refused"
    /// Ends soon.
    case expiresSoon = "expires-soon"

    // The protocol.
    /// TLS works, but it is no Rollcall server.
    case notRollcall = "not-rollcall"
    /// The server refused the certificate that was shown to it.
    case identityRefused = "identity-refused"
    /// The server does not see the identity that was shown.
    case identityNotSeen = "identity-not-seen"
    /// TLS works, the ping has no answer.
    case pingUnanswered = "ping-unanswered"
    /// The connection ended before the ping was answered.
    case pingCut = "ping-cut"
    /// The server answers, its registry does not.
    case registrySilent = "registry-silent"
    /// The ping was answered with an error or with nonsense.
    case pingRefused = "ping-refused"
    /// Answers take long.
    case slowPing = "slow-ping"
    /// The server is about to stop.
    case draining
    /// The server cannot write its registry.
    case readOnly = "read-only"
    /// The clocks differ by a minute or more.
    case clockOff = "clock-off"
    /// The clocks differ by a quarter of an hour or more.
    case clockFarOff = "clock-far-off"

    // This machine's own agent, and nodes.
    /// This machine's agent is configured for another server.
    case agentElsewhere = "agent-elsewhere"
    /// This machine's agent does not run.
    case agentStopped = "agent-stopped"
    /// The node's machine answers, and nothing listens on the port.
    case nodeRefuses = "node-refuses"

    // Several addresses.
    /// So many packets get lost that nothing comes of it.
    case heavyLoss = "heavy-loss"
    /// Packets get lost.
    case lossy
    /// Something on the way forgets connections that are not used.
    case idleLimit = "idle-limit"
    /// IPv4 works, IPv6 is advertised and does not.
    case ipv6Broken = "ipv6-broken"
    /// One address works, another does not.
    case someAddressesFail = "some-addresses-fail"
}
