public import ArgumentParser
import Dashboard
public import RollcallProtocol

/// Flags take the words that JSON shows.
extension WireRole: ExpressibleByArgument {
    /// The role called `argument`.
    public init?(argument: String) {
        guard let match = Self.allCases.first(where: { $0.word == argument }) else { return nil }
        self = match
    }

    /// The words there are.
    public static var allValueStrings: [String] { allCases.compactMap(\.word) }
}

extension WireReachability: ExpressibleByArgument {
    /// The state called `argument`.
    public init?(argument: String) {
        guard let match = Self.allCases.first(where: { $0 != .unspecified && $0.word == argument }) else { return nil }
        self = match
    }

    /// The words there are.
    public static var allValueStrings: [String] { allCases.filter { $0 != .unspecified }.map(\.word) }
}

extension WireHealth: ExpressibleByArgument {
    /// The health called `argument`.
    public init?(argument: String) {
        guard let match = Self.allCases.first(where: { $0 != .unspecified && $0.word == argument }) else { return nil }
        self = match
    }

    /// The words there are. The protocol cannot ask for nodes of unknown health.
    public static var allValueStrings: [String] { allCases.filter { $0 != .unspecified }.map(\.word) }
}

/// What `nodes --sort` takes.
enum NodeSort: String, CaseIterable, ExpressibleByArgument {
    case name
    case health
    case lastSeen = "last-seen"
    case site
    case role

    /// The protocol's value.
    var order: WireNodeOrder {
        switch self {
        case .name: .unspecified
        case .health: .health
        case .lastSeen: .lastSeen
        case .site: .site
        case .role: .role
        }
    }
}
