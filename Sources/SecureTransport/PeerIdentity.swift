/// Who a certificate says its holder is: the `rollcall://` URI in its subject alternative names, and how long it says so.
public struct PeerIdentity: Hashable, Sendable {
    /// What the holder is.
    public enum Kind: Hashable, Sendable {
        /// A node, by its UUID in lower case.
        case node(String)
        /// An operator, by name.
        case `operator`(String)
        /// The configuration server.
        case server
    }

    /// The fleet.
    public let fleet: String
    /// What the holder is.
    public let kind: Kind
    /// Seconds since 1970-01-01 UTC after which the certificate is void.
    public let notAfterUnixSeconds: Int64
    /// Seconds since 1970-01-01 UTC from which the certificate is valid; 0 if that is not known.
    public let notBeforeUnixSeconds: Int64
    /// The certificate's serial number, big-endian without leading zeros; empty if it is not known.
    public let serialNumber: [UInt8]

    /// Reads `rollcall://FLEET/server`, `…/node/UUID`, `…/operator/NAME`; nil for anything else.
    public init?(
        uri: some StringProtocol, notAfterUnixSeconds: Int64, notBeforeUnixSeconds: Int64 = 0,
        serialNumber: [UInt8] = []
    ) {
        guard uri.hasPrefix(Self.scheme) else { return nil }
        let parts = uri.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard let fleet = parts.first, Self.isName(fleet) else { return nil }
        switch (parts.count, parts.dropFirst().first) {
        case (2, "server"): kind = .server
        case (3, "node") where Self.isUUID(parts[2]): kind = .node(String(parts[2]))
        case (3, "operator") where Self.isName(parts[2]): kind = .operator(String(parts[2]))
        default: return nil
        }
        self.fleet = String(fleet)
        self.notAfterUnixSeconds = notAfterUnixSeconds
        self.notBeforeUnixSeconds = notBeforeUnixSeconds
        self.serialNumber = serialNumber
    }

    /// What every identity begins with.
    static let scheme = "rollcall://"

    /// The identity as the certificate has it.
    public var uri: String {
        switch kind {
        case .node(let id): "\(Self.scheme)\(fleet)/node/\(id)"
        case .operator(let name): "\(Self.scheme)\(fleet)/operator/\(name)"
        case .server: "\(Self.scheme)\(fleet)/server"
        }
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: false
                }
            }
    }

    private static func isUUID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { position, byte in
                if [8, 13, 18, 23].contains(position) { return byte == UInt8(ascii: "-") }
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): return true
                default: return false
                }
            }
    }
}
