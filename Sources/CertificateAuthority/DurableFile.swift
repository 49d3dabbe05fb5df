internal import Foundation
public import Glibc

/// Writes files that are there completely or not at all, also after a power cut: temporary file, fsync, then one
/// atomic step. Foundation can neither create a file with mode 0600 from the start nor refuse to replace one in the
/// same step, so this one file calls libc. Any thread; blocks. Its `unsafe` are strings lent to a call for its duration.
public enum DurableFile {
    /// Writes `text` to `path` with `mode` (less the umask). A file that is there is replaced or, if not
    /// `replacing`, left alone. Only with `flushing` is it there after a power cut; without, it is merely never
    /// there in part.
    /// - Throws: `CertificateAuthorityError.exists` or `.unwritable`.
    public static func write(
        _ text: String, to path: String, mode: mode_t, replacing: Bool, flushing: Bool = true
    ) throws(CertificateAuthorityError) {
        // In the same directory, because a rename cannot leave its file system.
        let temporary = "\(path).\(UInt32.random(in: 0 ... .max)).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .unwritable(path: path, why: reason(errno)) }
        do throws(CertificateAuthorityError) {
            try fill(descriptor, with: text, path: path, flushing: flushing)
            if replacing {
                guard unsafe rename(temporary, path) == 0 else { throw .unwritable(path: path, why: reason(errno)) }
            } else {
                // link() refuses where the name is taken, which a check and a rename could not promise.
                guard unsafe link(temporary, path) == 0 else {
                    let code = errno
                    throw code == EEXIST
                        ? .exists(path: path, next: "Move it away if it is no longer wanted.")
                        : .unwritable(path: path, why: reason(code))
                }
                _ = unsafe unlink(temporary)
            }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        if flushing { try synchronizeDirectory(of: path) }
    }

    private static func fill(
        _ descriptor: Int32, with text: String, path: String, flushing: Bool
    ) throws(CertificateAuthorityError) {
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            if flushing { try file.synchronize() }
            try file.close()
        } catch {
            throw .unwritable(path: path, why: error.reason)
        }
    }

    /// The name itself is durable only when its directory is.
    private static func synchronizeDirectory(of path: String) throws(CertificateAuthorityError) {
        let directory = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: directory, why: reason(errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unwritable(path: directory, why: reason(errno)) }
    }

    private static func reason(_ code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }
}
