internal import Foundation

/// Reads the small text files in which a system describes itself.
enum SmallFile {
    /// The text; nil if it cannot be read. Only the first 256 KiB count.
    static func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.read(upToCount: 256 * 1024)).map { String(decoding: $0, as: UTF8.self) }
    }
}
