public import Foundation

/// A fresh directory for one test, removed when the value goes away.
public final class TestDirectory: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes a directory under the system's temporary one. Its path is short, so that sockets fit into it.
    /// - Throws: if it cannot be made.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rc-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// The path of a file in it.
    public func path(_ name: String) -> String { url.appending(path: name).path }

    deinit { try? FileManager.default.removeItem(at: url) }
}
