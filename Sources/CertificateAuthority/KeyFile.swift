import Foundation

/// Private keys on disk: PKCS#8 in PEM, mode 0600, never written over by accident, never used when others can read
/// them.
public enum KeyFile {
    /// Writes `pem` to `path`, readable by its owner only from the first moment. A file that is there is left alone,
    /// unless `replacing`.
    /// - Throws: `CertificateAuthorityError.exists` or `.unwritable`.
    public static func write(_ pem: String, to path: String, replacing: Bool = false) throws(CertificateAuthorityError)
    {
        try DurableFile.write(pem, to: path, mode: 0o600, replacing: replacing)
    }

    /// The PEM text of the key at `path`.
    /// - Throws: `CertificateAuthorityError.missing`, `.unreadable`, or `.exposedKey` if group or others have any
    ///   right
    ///   to it.
    public static func read(_ path: String) throws(CertificateAuthorityError) -> String {
        if let mode = try exposedMode(path) { throw .exposedKey(path: path, mode: mode) }
        return try TextFile.read(path, ifMissing: "Is the path right?")
    }

    /// The file's mode if group or others have any right to it, else nil. Links are followed.
    /// - Throws: `CertificateAuthorityError.missing` or `.unreadable`.
    public static func exposedMode(_ path: String) throws(CertificateAuthorityError) -> Int? {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: target)
        } catch {
            throw TextFile.failure(toRead: path, because: error, ifMissing: "Is the path right?")
        }
        guard let mode = attributes[.posixPermissions] as? Int else {
            throw .unreadable(path: path, why: "its permissions cannot be told")
        }
        return mode & 0o077 == 0 ? nil : mode
    }
}
