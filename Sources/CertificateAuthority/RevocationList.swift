public import Foundation

/// Which certificates of a fleet are good no more, before their time: `revoked.txt` in the `pki` directory.
///
/// Text, and no signed list (CRL): it must work in a hurry and where the CA's key is locked away, be read by a person, and
/// cost a look-up in memory at each handshake. Whoever can write this file can read the server's private key beside it, so
/// that a signature would add nothing. A line that cannot be read makes the whole list unusable: a revocation must not
/// get lost over a typing error.
public struct RevocationList: Sendable, Equatable {
    /// Whom a line is about.
    public enum Subject: Hashable, Sendable {
        /// One certificate, by its serial number: hexadecimal capitals without leading zeros.
        case serial(String)
        /// Every certificate of a node or operator that began to be valid until the moment of revocation, by its URI.
        case holder(String)
    }

    /// One line.
    public struct Entry: Hashable, Sendable {
        /// Whom it is about.
        public let subject: Subject
        /// When it was revoked, to the second.
        public let at: Date
        /// Why, in the operator's words: one line.
        public let reason: String

        /// A line.
        public init(_ subject: Subject, at: Date, reason: String) {
            self.subject = subject
            self.at = Date(timeIntervalSince1970: at.timeIntervalSince1970.rounded(.down))
            self.reason = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    /// The lines, oldest first.
    public private(set) var entries: [Entry] = []
    private var bySubject: [Subject: Entry] = [:]

    /// Nobody is revoked.
    public init() {}

    /// Whether nobody is revoked.
    public var isEmpty: Bool { entries.isEmpty }

    /// What speaks against a certificate.
    /// - Parameters:
    ///   - serial: its serial number, big-endian.
    ///   - uri: whom it speaks for.
    ///   - notBefore: when it began to be valid.
    /// - Returns: the line that revokes it, or nil.
    public func entry(serial: some Collection<UInt8>, uri: String, notBefore: Date) -> Entry? {
        guard !isEmpty else { return nil }
        if let entry = bySubject[.serial(Self.hexadecimal(serial))] { return entry }
        guard let entry = bySubject[.holder(uri)], notBefore <= entry.at else { return nil }
        return entry
    }

    /// What speaks against certificates of this holder in general: those that begin later are good.
    public func entry(holder uri: String) -> Entry? { bySubject[.holder(uri)] }

    /// Adds a line. A second one about the same subject moves its moment.
    public mutating func add(_ entry: Entry) {
        if bySubject[entry.subject] != nil { entries.removeAll { $0.subject == entry.subject } }
        entries.append(entry)
        bySubject[entry.subject] = entry
    }

    /// A serial number as the list has it.
    public static func hexadecimal(_ serial: some Collection<UInt8>) -> String {
        serial.drop { $0 == 0 }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    // MARK: as text

    private static let heading = """
        # Revoked certificates, one a line: serial NUMBER or holder URI, the moment in UTC, the reason.
        # "holder" revokes all certificates of that node or operator that were valid by then.
        # Written by: rollcall pki revoke. A server reads it at its start, when that command tells it, and on SIGHUP.

        """

    /// The file's text.
    public var text: String { Self.heading + entries.map { "\($0)\n" }.joined() }

    /// Reads the file's text; `source` names it in errors. Empty lines and those that begin with # say nothing.
    /// - Throws: `CertificateAuthorityError.unusable` naming the first line that cannot be read.
    public init(text: String, source: String) throws(CertificateAuthorityError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            guard let entry = Entry(line: line) else {
                throw .unusable(
                    path: "\(source):\(index + 1)",
                    why:
                        "“\(line.prefix(60))” is no revocation; write: serial NUMBER|holder URI 2026-11-25T17:00:00Z reason"
                )
            }
            add(entry)
        }
    }

    /// The list at `path`; an empty one where there is no file.
    /// - Throws: `CertificateAuthorityError.unreadable` or `.unusable`.
    public init(path: String) throws(CertificateAuthorityError) {
        guard FileManager.default.fileExists(atPath: path) else {
            self.init()
            return
        }
        try self.init(text: try TextFile.read(path, ifMissing: ""), source: path)
    }

    /// Writes the list to `path`, in one step that survives a power cut.
    /// - Throws: `CertificateAuthorityError.unwritable`.
    public func write(to path: String) throws(CertificateAuthorityError) {
        try TextFile.write(text, to: path, replacing: true)
    }
}

extension RevocationList.Entry: CustomStringConvertible {
    /// As it stands in the file.
    public var description: String {
        let time = at.formatted(.iso8601)
        switch subject {
        case .serial(let number): return "serial \(number) \(time) \(reason)"
        case .holder(let uri): return "holder \(uri) \(time) \(reason)"
        }
    }

    /// In a sentence about the certificate: `revoked on 2026-11-25 at 17:00:00 UTC: stolen`.
    public var phrase: String {
        let time = at.formatted(.iso8601).replacing("T", with: " at ").replacing("Z", with: " UTC")
        return "revoked on \(time)" + (reason.isEmpty ? "" : ": \(reason)")
    }

    fileprivate init?(line: Substring) {
        let words = line.split(maxSplits: 3, whereSeparator: \.isWhitespace)
        guard words.count >= 3, let at = try? Date(String(words[2]), strategy: .iso8601) else { return nil }
        let reason = words.count > 3 ? String(words[3]) : ""
        switch words[0] {
        case "serial":
            let digits = words[1].uppercased().drop { $0 == "0" }
            guard (1...40).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
            // Whole bytes, as certificates have them.
            self.init(.serial((digits.count.isMultiple(of: 2) ? "" : "0") + digits), at: at, reason: reason)
        case "holder":
            guard let uri = FleetURI(words[1]) else { return nil }
            self.init(.holder(uri.description), at: at, reason: reason)
        default: return nil
        }
    }
}

extension RevocationList {
    /// What speaks against this certificate.
    public func entry(about certificate: CertificateFacts) -> Entry? {
        entry(
            serial: certificate.certificate.serialNumber.bytes, uri: certificate.uri?.description ?? "",
            notBefore: certificate.notBefore)
    }

    /// When a certificate of this holder has to be issued to be good, if one were issued now: it begins to be valid
    /// `CertificateProfile.backdating` before that, which has to be after the holder's last revocation.
    public func earliestIssue(for uri: FleetURI, at now: Date) -> Date {
        guard let entry = entry(holder: uri.description) else { return now }
        return max(now, entry.at.addingTimeInterval(CertificateProfile.backdating.timeInterval + 1))
    }
}
