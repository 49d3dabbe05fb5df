import Foundation

/// Texts that are compared as a whole with files beside the tests: help texts, tables, JSON. To accept what the code
/// says now, run the tests with `ROLLCALL_UPDATE_GOLDEN=1` and read the difference in git before committing it.
public struct Golden: Sendable {
    private let directory: URL

    /// The files of the test target whose source file this is called from.
    public init(beside file: String = #filePath) {
        directory = URL(filePath: file).deletingLastPathComponent().appending(path: "Golden")
    }

    /// How `text` differs from the file `name`: nil if it does not. With `ROLLCALL_UPDATE_GOLDEN` set, writes the file
    /// instead.
    /// - Throws: if the file cannot be written.
    public func difference(of text: String, from name: String) throws -> String? {
        let file = directory.appending(path: name)
        if let flag = ProcessInfo.processInfo.environment["ROLLCALL_UPDATE_GOLDEN"], !flag.isEmpty {
            try Data(text.utf8).write(to: file)
            return nil
        }
        guard let data = FileManager.default.contents(atPath: file.path) else {
            return "Golden/\(name) is missing; run the tests with ROLLCALL_UPDATE_GOLDEN=1. It would say:\n\(text)"
        }
        let wanted = String(decoding: data, as: UTF8.self)
        guard wanted != text else { return nil }
        return "differs from Golden/\(name):\n" + Self.lineDifference(from: wanted, to: text)
    }

    private static func lineDifference(from wanted: String, to text: String) -> String {
        let old = wanted.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        return new.difference(from: old)
            .map { change in
                switch change {
                case .remove(let offset, let line, _): "- \(offset + 1): \(line)"
                case .insert(let offset, let line, _): "+ \(offset + 1): \(line)"
                }
            }
            .joined(separator: "\n")
    }
}
