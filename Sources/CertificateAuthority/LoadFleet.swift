public import Foundation

/// Identities by the thousand for load tests: `DIR/I.pem` with the certificate and then the key of node I, `ca.pem`,
/// and `nodes.tsv`, which says which node id is in which file.
public struct LoadFleet: Sendable {
    /// Where the files go.
    public let directory: String

    /// A fleet in `directory`, which need not be there yet.
    public init(_ directory: String) {
        self.directory = directory
    }

    /// Most identities in one directory: more than a server is built for, few enough for a file system.
    public static let countMax = 1_000_000

    /// Issues and writes `ids`, in their order, and calls `progress` with how many are written at each thousand.
    /// With `sharedKey` all have one private key, which is quicker and makes no difference to a server.
    /// Files that are there are left alone, unless `replacing`.
    /// - Throws: `CertificateAuthorityError`; what was written up to then stays.
    public func write(
        _ ids: [UUID], authority: CertificateAuthority, sharedKey: Bool, replacing: Bool, at now: Date,
        progress: (Int) -> Void = { _ in }
    ) throws {
        let index = directory + "/nodes.tsv"
        if !replacing, FileManager.default.fileExists(atPath: index) {
            throw CertificateAuthorityError.exists(
                path: index, next: "Choose another --out, or replace the identities there with --force.")
        }
        try TextFile.makeDirectory(directory)
        let key = sharedKey ? IdentityKey() : nil
        var rows = "file\tnode\turi\n"
        for (number, id) in ids.enumerated() {
            let identity = try authority.issueNode(id: id, at: now, key: key ?? IdentityKey())
            let path = "\(directory)/\(number).pem"
            // Not flushed: two fsyncs for each of thousands of throw-away files would take minutes.
            try DurableFile.write(
                identity.certificatePEM + identity.privateKeyPEM, to: path, mode: 0o600, replacing: replacing,
                flushing: false)
            rows += "\(number).pem\t\(id.uuidString.lowercased())\t\(identity.uri)\n"
            if (number + 1).isMultiple(of: 1000) { progress(number + 1) }
        }
        try TextFile.write(authority.certificatePEM, to: directory + "/ca.pem", replacing: true)
        // Last, because it says that the directory is complete.
        try TextFile.write(rows, to: index, replacing: replacing)
    }
}
