import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The directory a server keeps everything in, held by this process alone until it is closed or the process ends.
///
/// What counts is the kernel's lock on `lock`, not that the file exists: a file left by a killed server holds nobody up.
/// The file names the holder's process id, for the message to a second server. Any thread.
public final class DataDirectory: Sendable {
    /// Where it is.
    public let path: String
    private let lock: FileHandle

    /// Makes the directory with mode 0750 if it is missing, and takes the lock.
    /// - Throws: `StoreError`, with reason `inUse` if another server holds it.
    public init(path: String) throws {
        self.path = path
        try Self.makeDirectory(path)
        lock = try Self.openLock(path + "/lock")
        guard flock(lock.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            let holder = (try? lock.readToEnd()).flatMap { Self.processID(in: $0) }
            try? lock.close()
            guard failure == EWOULDBLOCK else {
                throw StoreError(
                    .other, path: path + "/lock", operation: "lock", message: "error \(failure) of the system")
            }
            throw StoreError(.inUse(pid: holder), path: path, operation: "lock")
        }
        // A full disk does not keep a server from starting: the lock counts, the number in it is for people.
        try? lock.truncate(atOffset: 0)
        try? lock.write(contentsOf: Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8))
    }

    /// The registry's database file.
    public var registryPath: String { path + "/registry.sqlite" }
    /// The operators' local socket.
    public var socketPath: String { path + "/rollcall.sock" }
    /// The directory of the fleet's certificates.
    public var pkiPath: String { path + "/pki" }

    /// Gives the directory free. Close what is in it first; call once.
    public func close() {
        try? lock.truncate(atOffset: 0)
        try? lock.close()
    }

    private static func makeDirectory(_ path: String) throws {
        let files = FileManager.default
        if files.isDirectory(atPath: path) { return }
        if files.fileExists(atPath: path) { throw StoreError(.notADirectory, path: path, operation: "use") }
        do {
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw StoreError(fileError: error, path: path, operation: "create")
        }
    }

    private static func openLock(_ path: String) throws -> FileHandle {
        let url = URL(fileURLWithPath: path)
        do {
            // Exclusive creation: of two servers that start at once both end up with the same file.
            if !FileManager.default.fileExists(atPath: path) {
                do {
                    try Data().write(to: url, options: .withoutOverwriting)
                    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
                } catch let error as CocoaError where error.code == .fileWriteFileExists {}
            }
            let handle = try FileHandle(forUpdating: url)
            // A child process must not inherit the lock and outlive us with it.
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
            return handle
        } catch {
            throw StoreError(fileError: error, path: path, operation: "open")
        }
    }

    private static func processID(in bytes: Data) -> Int? {
        Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
