import Foundation

/// Certificates on disk: small text files that anybody may read.
enum TextFile {
    /// Longest honest file here is a bundle of a few certificates; a wrong path must not make us read a disk image.
    static let bytesMax = 1024 * 1024

    /// The text at `path`.
    /// - Throws: `CertificateAuthorityError.missing` with `ifMissing` as the next step, or `.unreadable`.
    static func read(_ path: String, ifMissing next: String) throws(CertificateAuthorityError) -> String {
        guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path, next: next) }
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            let bytes = try file.read(upToCount: bytesMax + 1) ?? Data()
            guard bytes.count <= bytesMax else {
                throw CertificateAuthorityError.unusable(path: path, why: "it is longer than 1 MiB")
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch let error as CertificateAuthorityError {
            throw error
        } catch {
            throw .unreadable(path: path, why: error.reason)
        }
    }

    /// Writes `text` to `path`, readable by all (less the umask).
    /// - Throws: `CertificateAuthorityError.exists` or `.unwritable`.
    static func write(_ text: String, to path: String, replacing: Bool) throws(CertificateAuthorityError) {
        try DurableFile.write(text, to: path, mode: 0o644, replacing: replacing)
    }

    /// Makes the directory `path`, for its owner only, and those above it, unless it is there.
    /// - Throws: `CertificateAuthorityError.unwritable`.
    static func makeDirectory(_ path: String) throws(CertificateAuthorityError) {
        // "/." is there in directories only.
        if FileManager.default.fileExists(atPath: path + "/.") { return }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .unwritable(path: path, why: "it is a file, not a directory")
        }
        do {
            let directory = URL(filePath: path)
            try FileManager.default.createDirectory(
                at: directory.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: path, why: error.reason)
        }
    }
}

extension Error {
    /// Foundation's sentence, without its full stop, to go on in one of ours.
    var reason: String {
        let sentence = localizedDescription
        return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
