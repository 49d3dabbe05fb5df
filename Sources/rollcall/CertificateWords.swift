import CertificateAuthority
import Foundation

/// Certificates in words, for people.
enum CertificateWords {
    /// The day in UTC, `2026-11-25`.
    static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

    /// A paragraph for each file.
    static func lines(for inspection: Inspection, at now: Date) -> [String] {
        var lines: [String] = []
        for file in inspection.files {
            lines.append(file.path)
            for certificate in file.certificates { lines += Self.lines(for: certificate, at: now) }
            for key in file.keys { lines.append("  private key  \(key.keyType)") }
            for remark in file.remarks { lines.append("  note         \(remark)") }
            for problem in file.problems { lines.append("  WRONG        \(problem)") }
        }
        if !inspection.revoked.isEmpty { lines.append("revoked") }
        for entry in inspection.revoked { lines.append("  \(entry)") }
        return lines
    }

    private static func lines(for certificate: CertificateFacts, at now: Date) -> [String] {
        let days = certificate.daysLeft(at: now)
        var lines = ["  certificate  \(certificate.subject)"]
        if let uri = certificate.uri { lines.append("    speaks for \(words(for: uri)), \(uri)") }
        if !certificate.hosts.isEmpty {
            lines.append("    hosts      \(certificate.hosts.map(\.description).joined(separator: ", "))")
        }
        if !certificate.purposes.isEmpty {
            lines.append("    purpose    \(certificate.purposes.joined(separator: ", "))")
        }
        lines += [
            "    issuer     \(certificate.issuer)",
            "    valid      \(day(certificate.notBefore)) to \(day(certificate.notAfter)), "
                + (days >= 0 ? "\(days) days left" : "expired"),
            "    key        \(certificate.keyType), signed with \(certificate.signatureAlgorithm)",
            "    serial     \(certificate.serialNumber)",
            "    SHA-256    \(certificate.fingerprint)",
        ]
        return lines
    }

    private static func words(for uri: FleetURI) -> String {
        switch uri.holder {
        case .authority: "the CA of the fleet \(uri.fleet)"
        case .server: "a server of the fleet \(uri.fleet)"
        case .node: "a node of the fleet \(uri.fleet)"
        case .operator(let name): "the operator \(name) of the fleet \(uri.fleet)"
        }
    }
}
