/// A server as people type it: HOST[:PORT].
public struct ServerName: Hashable, Sendable, CustomStringConvertible {
    /// The port of configuration servers.
    public static let portDefault: UInt16 = 443

    /// A name, or an address without brackets.
    public let host: String
    /// The TCP port.
    public let port: UInt16

    /// A host and a port.
    public init(host: String, port: UInt16 = ServerName.portDefault) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST`, `HOST:PORT`, `[::1]:PORT`, or an IPv6 address alone.
    /// - Throws: `ClientError.badServerName`.
    public init(parsing text: String) throws(ClientError) {
        let text = text.trimmed
        var host = text[...]
        var port = Self.portDefault
        let isBareIPv6 = !text.hasPrefix("[") && text.filter { $0 == ":" }.count > 1
        if !isBareIPv6, let colon = text.lastIndex(of: ":"), text[colon...].firstIndex(of: "]") == nil {
            host = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard let number = UInt16(digits), number > 0 else {
                throw .badServerName(text, fault: "'\(digits)' is not a port from 1 to 65535")
            }
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let isSane = host.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ".-_:%0123456789".unicodeScalars.contains($0))
        }
        guard !host.isEmpty, host.utf8.count <= 255, isSane else {
            throw .badServerName(
                text, fault: host.isEmpty ? "there is no host" : "'\(host)' is not a host name or address")
        }
        self.init(host: String(host), port: port)
    }

    /// As it would be typed.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
