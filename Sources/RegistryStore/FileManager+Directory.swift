import Foundation

extension FileManager {
    /// Whether the path, after symbolic links, is a directory. `fileExists(atPath:isDirectory:)` tells the same through a
    /// pointer, which is not wanted outside `EventLoop` and `SecureTransport`; the system resolves "/." in directories only.
    func isDirectory(atPath path: String) -> Bool { fileExists(atPath: path + "/.") }
}
