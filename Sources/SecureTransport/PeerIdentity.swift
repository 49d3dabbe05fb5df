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
    /// Names the certificate's issuer in `IssuerNames`; 0 if it is not known.
    public let issuerTag: UInt32

    /// Reads `rollcall://FLEET/server`, `…/node/UUID`, `…/operator/NAME`; nil for anything else.
    public init?(
        uri: some StringProtocol, notAfterUnixSeconds: Int64, notBeforeUnixSeconds: Int64 = 0,
        serialNumber: [UInt8] = [], issuerTag: UInt32 = 0
    ) {
        // Bytes, not characters, and no list of parts: it is read in every handshake.
        let bytes = ArraySlice(uri.utf8)
        guard bytes.starts(with: Self.scheme.utf8) else { return nil }
        let path = bytes.dropFirst(Self.scheme.utf8.count)
        guard let slash = path.firstIndex(of: UInt8(ascii: "/")), Self.isName(path[..<slash]) else { return nil }
        let rest = path[(slash + 1)...]
        let name = rest.firstIndex(of: UInt8(ascii: "/")).map { rest[($0 + 1)...] } ?? []
        if rest.starts(with: "node/".utf8), Self.isUUID(name) {
            kind = .node(String(decoding: name, as: UTF8.self))
        } else if rest.starts(with: "operator/".utf8), Self.isName(name) {
            kind = .operator(String(decoding: name, as: UTF8.self))
        } else if rest.elementsEqual("server".utf8) {
            kind = .server
        } else {
            return nil
        }
        fleet = String(decoding: path[..<slash], as: UTF8.self)
        self.notAfterUnixSeconds = notAfterUnixSeconds
        self.notBeforeUnixSeconds = notBeforeUnixSeconds
        self.serialNumber = serialNumber
        self.issuerTag = issuerTag
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

    private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: false
                }
            }
    }

    private static func isUUID(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for position in 0..<36 {
            switch (position, text[text.startIndex + position]) {
            case (8, let byte), (13, let byte), (18, let byte), (23, let byte):
                guard byte == UInt8(ascii: "-") else { return false }
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")): break
            default: return false
            }
        }
        return true
    }
}
