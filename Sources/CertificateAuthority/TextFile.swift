import Foundation

/// Certificates on disk: small text files that anybody may read.
enum TextFile {
    /// Longest honest file here is a bundle of a few certificates; a wrong path must not make us read a disk image.
    static let bytesMax = 1024 * 1024

    /// The text at `path`.
    /// - Throws: `CertificateAuthorityError.missing` with `ifMissing` as the next step, or `.unreadable`.
    static func read(_ path: String, ifMissing next: String) throws(CertificateAuthorityError) -> String {
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
            throw failure(toRead: path, because: error, ifMissing: next)
        }
    }

    /// Foundation's `error` as ours. A file in a directory that we may not enter counts as unreadable, never as missing:
    /// the advice to make a new one would be wrong.
    static func failure(
        toRead path: String, because error: any Error, ifMissing next: String
    ) -> CertificateAuthorityError {
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile:
            .missing(path: path, next: next)
        case .fileReadNoPermission:
            .unreadable(path: path, why: "this user may not; run as its owner, or give it to this user with chown")
        default:
            .unreadable(path: path, why: error.reason)
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
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        if let kind = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType {
            guard kind == .typeDirectory else { throw .unwritable(path: path, why: "it is a file, not a directory") }
            return
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
