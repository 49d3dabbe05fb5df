/// What nodes can have in common. In the order in which one is believed before another that explains as much.
public enum FactorKind: UInt8, Hashable, Sendable, CaseIterable {
    /// The site they stand in.
    case site = 1
    /// The process server they send through.
    case processServer = 2
    /// The server's address on which they arrive.
    case serverAddress = 3
    /// The address they come from, where it is none of their own: a NAT device or a proxy.
    case natAddress = 4
    /// The version of their agent.
    case agentVersion = 5
    /// Nothing but that they report to this server.
    case fleet = 6
    /// Who issued their certificates.
    case certificateIssuer = 7

    /// A stable word for it, in the store and on the wire.
    public var word: String {
        switch self {
        case .site: "site"
        case .processServer: "process-server"
        case .serverAddress: "server-address"
        case .natAddress: "nat-address"
        case .agentVersion: "agent-version"
        case .fleet: "fleet"
        case .certificateIssuer: "certificate-issuer"
        }
    }

    /// The kind of this word.
    public init?(word: String) {
        guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = kind
    }
}
