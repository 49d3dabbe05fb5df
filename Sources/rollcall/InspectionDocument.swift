import CertificateAuthority
import Foundation

/// What `pki show --json` prints; the names are promises.
struct InspectionDocument: Encodable {
    struct File: Encodable {
        let path: String
        let certificates: [Certificate]
        let keys: [Key]
        let remarks: [String]
        let problems: [String]
    }

    struct Certificate: Encodable {
        let subject: String
        let issuer: String
        let uri: String?
        let hosts: [String]
        let notBefore: String
        let notAfter: String
        let daysLeft: Int
        let serialNumber: String
        let keyType: String
        let signatureAlgorithm: String
        let isAuthority: Bool
        let purposes: [String]
        let sha256Fingerprint: String
    }

    struct Key: Encodable {
        let keyType: String
    }

    struct Revocation: Encodable {
        let serialNumber: String?
        let uri: String?
        let revokedAt: String
        let reason: String
    }

    let isGood: Bool
    let revoked: [Revocation]
    let files: [File]

    init(_ inspection: Inspection, at now: Date) {
        isGood = inspection.isGood
        revoked = inspection.revoked.map(Revocation.init)
        files = inspection.files.map { file in
            File(
                path: file.path,
                certificates: file.certificates.map { Certificate($0, at: now) },
                keys: file.keys.map { Key(keyType: $0.keyType) },
                remarks: file.remarks,
                problems: file.problems)
        }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension InspectionDocument.Revocation {
    fileprivate init(_ entry: RevocationList.Entry) {
        revokedAt = entry.at.formatted(.iso8601)
        reason = entry.reason
        switch entry.subject {
        case .serial(let number): (serialNumber, uri) = (number, nil)
        case .holder(let holder): (serialNumber, uri) = (nil, holder)
        }
    }
}

extension InspectionDocument.Certificate {
    fileprivate init(_ facts: CertificateFacts, at now: Date) {
        let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        self.init(
            subject: facts.subject, issuer: facts.issuer, uri: facts.uri?.description,
            hosts: facts.hosts.map(\.description), notBefore: facts.notBefore.formatted(time),
            notAfter: facts.notAfter.formatted(time), daysLeft: facts.daysLeft(at: now),
            serialNumber: facts.serialNumber, keyType: facts.keyType, signatureAlgorithm: facts.signatureAlgorithm,
            isAuthority: facts.isAuthority, purposes: facts.purposes, sha256Fingerprint: facts.fingerprint)
    }
}
