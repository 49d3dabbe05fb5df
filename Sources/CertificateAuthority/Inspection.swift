public import Foundation

/// What is in some files, and what is wrong with them: certificates, keys, and directories of both.
public struct Inspection: Sendable {
    /// One file's contents.
    public struct File: Sendable {
        /// Where it is.
        public let path: String
        /// Its certificates, in order.
        public internal(set) var certificates: [CertificateFacts] = []
        /// Its private keys, in order.
        public internal(set) var keys: [KeyFacts] = []
        /// What holds true of it and is good, in words.
        public internal(set) var remarks: [String] = []
        /// What is wrong with it, each with the next step.
        public internal(set) var problems: [String] = []
    }

    /// The files, in the order asked for; those of a directory by name.
    public let files: [File]
    /// What was revoked, by the lists in the directories asked for.
    public let revoked: [RevocationList.Entry]
    /// Whether nothing is wrong.
    public var isGood: Bool { files.allSatisfy(\.problems.isEmpty) }

    /// Reads `paths`. Of a directory it reads each `.pem` and `.key`.
    /// - Throws: `CertificateAuthorityError.missing`, `.unreadable`, `.unusable`.
    public init(of paths: [String], at now: Date) throws {
        let directories = paths.filter { FileManager.default.fileExists(atPath: $0 + "/.") }
        let lists = try directories.map { try RevocationList(path: PkiDirectory($0).revocations) }
        revoked = lists.flatMap(\.entries)
        var files = try paths.flatMap(Self.expand).map(Self.read)
        let certificates = files.flatMap(\.certificates)
        for index in files.indices {
            for certificate in files[index].certificates {
                files[index].judge(certificate, among: certificates, at: now)
                if let entry = lists.lazy.compactMap({ $0.entry(about: certificate) }).first {
                    files[index].problems.append("\(certificate.subject): \(entry.phrase).")
                }
            }
            let partners = Self.partners(of: files[index], among: files)
            for key in files[index].keys { files[index].judge(key, partners: partners, all: certificates) }
        }
        self.files = files
    }

    private static func expand(_ path: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path + "/.") else { return [path] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw CertificateAuthorityError.unreadable(path: path, why: error.reason)
        }
        let wanted = names.filter { $0.hasSuffix(".pem") || $0.hasSuffix(".key") }.sorted()
        guard !wanted.isEmpty else {
            throw CertificateAuthorityError.unusable(path: path, why: "no .pem and no .key file is in it")
        }
        let directory = path.hasSuffix("/") ? String(path.dropLast()) : path
        return wanted.map { "\(directory)/\($0)" }
    }

    private static func read(_ path: String) throws -> File {
        let text = try TextFile.read(path, ifMissing: "Is the path right?")
        var file = File(path: path)
        file.certificates = try CertificateFacts.all(in: text, source: path)
        for pem in try PEMText.privateKeys(in: text, source: path) {
            guard let key = KeyFacts(pem: pem) else {
                throw CertificateAuthorityError.unusable(
                    path: path, why: "its private key is encrypted or of an unknown kind")
            }
            file.keys.append(key)
        }
        guard !file.certificates.isEmpty || !file.keys.isEmpty else {
            throw CertificateAuthorityError.unusable(
                path: path, why: "there is no certificate and no private key in it, as PEM")
        }
        if !file.keys.isEmpty, let mode = try KeyFile.exposedMode(path) {
            file.problems.append(CertificateAuthorityError.exposedKey(path: path, mode: mode).description)
        }
        return file
    }

    /// The certificates a file's key should belong to: its own, or those of the file beside it with the same name.
    private static func partners(of file: File, among files: [File]) -> [CertificateFacts] {
        guard file.certificates.isEmpty else { return file.certificates }
        let stem = URL(filePath: file.path).deletingPathExtension().path
        return files.filter { URL(filePath: $0.path).deletingPathExtension().path == stem }.flatMap(\.certificates)
    }
}

extension Inspection.File {
    /// From here on a certificate's end is worth a remark, as in the system this one replaces.
    private static let renewalDays = 60

    fileprivate mutating func judge(_ certificate: CertificateFacts, among all: [CertificateFacts], at now: Date) {
        // A file with a chain needs to say which of its certificates is meant.
        let name = certificates.count > 1 ? "\(certificate.subject): " : ""
        let renewal = certificate.renewalCommand
        if now < certificate.notBefore {
            problems.append(
                "\(name)not valid before \(certificate.notBefore.certificateDay): check this machine's clock,"
                    + " or issue it anew with \(renewal).")
        } else if now >= certificate.notAfter {
            problems.append("\(name)expired on \(certificate.notAfter.certificateDay): issue it anew with \(renewal).")
        } else if certificate.daysLeft(at: now) < Self.renewalDays {
            remarks.append("\(name)expires soon: issue it anew with \(renewal)")
        }
        if certificate.isSigned(by: certificate) {
            remarks.append("\(name)signed by itself")
            return
        }
        let authorities = all.filter { $0.isAuthority && $0.fingerprint != certificate.fingerprint }
        if let issuer = authorities.first(where: certificate.isSigned(by:)) {
            if let own = certificate.uri?.fleet, let other = issuer.uri?.fleet, own != other {
                problems.append("\(name)speaks for the fleet \(own), but the CA of \(other) signed it: issue it anew.")
            } else {
                remarks.append("\(name)signed by \(issuer.subject), which is here too")
            }
        } else if let stranger = authorities.first {
            problems.append(
                "\(name)not signed by the CA beside it (\(stranger.subject)): put its own CA there,"
                    + " or issue it anew with \(renewal).")
        } else {
            remarks.append(
                "\(name)its issuer is not among these files, so its signature was not checked (name ca.pem too)")
        }
    }

    fileprivate mutating func judge(_ key: KeyFacts, partners: [CertificateFacts], all: [CertificateFacts]) {
        if let match = (partners + all).first(where: { $0.certificate.publicKey == key.publicKey }) {
            if partners.isEmpty || partners.contains(where: { $0.fingerprint == match.fingerprint }) {
                remarks.append("the key of \(match.subject)")
                return
            }
        }
        if let expected = partners.first {
            problems.append(
                "the key does not belong to \(expected.subject) beside it: put the matching file back,"
                    + " or make both anew."
            )
        } else if all.isEmpty {
            remarks.append("no certificate to compare the key with (name it too)")
        } else {
            problems.append("the key belongs to none of these certificates: put the matching file back.")
        }
    }
}

extension CertificateFacts {
    /// The command that issues such a certificate.
    fileprivate var renewalCommand: String {
        switch uri?.holder {
        case .authority: "rollcall pki init (in a new directory)"
        case .server: "rollcall pki server"
        case .node: "rollcall pki node --force"
        case .operator(let name): "rollcall pki operator \(name) --force"
        case nil: "its CA"
        }
    }
}
