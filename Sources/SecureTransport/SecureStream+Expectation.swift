extension SecureStream {
    /// Whom a dialling side insists on.
    public enum Expectation: Sendable {
        /// A server of a fleet, by its certificate's URI, whatever name or address was dialled: the fleet's authority
        /// vouches for the role, so that a node's certificate cannot pose as the server, and dialling by number works.
        /// Nil: of any fleet that the authority vouches for.
        case fleetServer(String?)
        /// A certificate for this host name or address.
        case hostName(String)
        /// Anybody with a certificate that the context trusts.
        case anybody

        /// The host that the certificate must be for, if that matters.
        var host: String? { if case .hostName(let host) = self { host } else { nil } }
    }
}
