public import Foundation

/// Who a certificate speaks for, as the URI in its subject alternative name: `rollcall://FLEET` and what follows.
/// A plain value without X.509 types, so that whoever reads certificates with another library can use it.
public struct FleetURI: Hashable, Sendable {
    /// What the holder of the certificate is in its fleet.
    public enum Holder: Hashable, Sendable {
        /// The fleet's CA: `rollcall://FLEET`.
        case authority
        /// A configuration server: `rollcall://FLEET/server`.
        case server
        /// A machine that reports to it: `rollcall://FLEET/node/UUID`.
        case node(UUID)
        /// A person or a program that asks questions: `rollcall://FLEET/operator/NAME`.
        case `operator`(String)
    }

    /// The fleet's name, as `isFleetName(_:)` has it.
    public let fleet: String
    /// Who in the fleet.
    public let holder: Holder

    /// The URI of `holder` in `fleet`.
    /// - Throws: `CertificateAuthorityError.badFleetName` or `.badOperatorName` if a name breaks its rule.
    public init(fleet: String, holder: Holder) throws(CertificateAuthorityError) {
        guard Self.isFleetName(fleet) else { throw .badFleetName(fleet) }
        if case .operator(let name) = holder, !Self.isOperatorName(name) { throw .badOperatorName(name) }
        self.fleet = fleet
        self.holder = holder
    }

    /// The URI as text; nil if it is not one of the four forms, to the letter (a UUID may be in either case).
    public init?(_ text: some StringProtocol) {
        let scheme = "rollcall://"
        guard text.hasPrefix(scheme) else { return nil }
        let body = text.dropFirst(scheme.count)
        let fleet = body.prefix { $0 != "/" }
        guard Self.isFleetName(fleet) else { return nil }
        let path = body.dropFirst(fleet.count)
        if path.isEmpty {
            holder = .authority
        } else if path == "/server" {
            holder = .server
        } else if path.hasPrefix("/node/") {
            let id = path.dropFirst("/node/".count)
            guard id.utf8.count == 36, let uuid = UUID(uuidString: String(id)) else { return nil }
            holder = .node(uuid)
        } else if path.hasPrefix("/operator/") {
            let name = path.dropFirst("/operator/".count)
            guard Self.isOperatorName(name) else { return nil }
            holder = .operator(String(name))
        } else {
            return nil
        }
        self.fleet = String(fleet)
    }

    /// Whether `name` may name a fleet: 1 to 63 of `a-z`, `0-9` and `-`.
    public static func isFleetName(_ name: some StringProtocol) -> Bool {
        (1...63).contains(name.utf8.count) && name.utf8.allSatisfy { isLowerCaseOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether `name` may name an operator: 1 to 63 of `a-z`, `0-9`, `.`, `_` and `-`, starting with a letter or
    /// digit.
    public static func isOperatorName(_ name: some StringProtocol) -> Bool {
        guard (1...63).contains(name.utf8.count), let first = name.utf8.first, isLowerCaseOrDigit(first) else {
            return false
        }
        return name.utf8.allSatisfy { isLowerCaseOrDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isLowerCaseOrDigit(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}

extension FleetURI: CustomStringConvertible {
    /// The URI as certificates carry it; a UUID in lower case.
    public var description: String {
        switch holder {
        case .authority: "rollcall://\(fleet)"
        case .server: "rollcall://\(fleet)/server"
        case .node(let id): "rollcall://\(fleet)/node/\(id.uuidString.lowercased())"
        case .operator(let name): "rollcall://\(fleet)/operator/\(name)"
        }
    }
}
