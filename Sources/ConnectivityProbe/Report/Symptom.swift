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
    /// The name resolves, but slowly.
    case slowName = "slow-name"

    // TCP.
    /// The machine answered that nobody listens.
    case refused
    /// The connection was reset while it was being made.
    case resetOnConnect = "reset-on-connect"
    /// Not a packet came back.
    case filtered
    /// This machine has no route there.
    case noRoute = "no-route"
    /// A router reported that it cannot deliver.
    case unreachable
    /// This machine's own rules forbid the connection.
    case forbiddenHere = "forbidden-here"
    /// This machine has no such address family.
    case familyMissing = "family-missing"
    /// Something else.
    case tcpFailed = "tcp-failed"
    /// It connects, but so late that a packet must have been lost.
    case slowConnect = "slow-connect"

    // TLS.
    /// What listens does not speak TLS.
    case notTLS = "not-tls"
    /// The connection was accepted, and then nothing came.
    case silentAfterConnect = "silent-after-connect"
    /// The handshake was cut with a reset.
    case resetInHandshake = "reset-in-handshake"
    /// The handshake was ended with FIN.
    case closedInHandshake = "closed-in-handshake"
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

    // Several addresses.
    /// One address works, another does not.
    case someAddressesFail = "some-addresses-fail"
}
