import Foundation

/// A file system of a few hundred kilobytes, mounted for one test.
final class SmallDisk: Sendable {
    /// Where it is mounted.
    let path: String

    /// Whether this process may mount one: it needs root, and a container that allows it.
    static let isPossible: Bool = {
        guard let disk = try? SmallDisk(kibibytes: 64) else { return false }
        withExtendedLifetime(disk) {}
        return true
    }()

    struct CannotMount: Error {}

    init(kibibytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "rc-disk-\(UInt32.random(in: 0 ... .max))").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", path) else {
            try? FileManager.default.removeItem(atPath: path)
            throw CannotMount()
        }
    }

    deinit {
        _ = Self.run("umount", "-l", path)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Mounts it again, read-only. No file on it may be open for writing.
    func makeReadOnly() -> Bool { Self.run("mount", "-o", "remount,ro", path) }

    /// Fills what is left.
    func fill() throws {
        try Data().write(to: URL(fileURLWithPath: path + "/ballast"))
        let ballast = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/ballast"))
        do { while true { try ballast.write(contentsOf: Data(count: 4_096)) } } catch {}
        try ballast.close()
    }

    /// Frees what `fill` took.
    func free() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
