import Foundation
import Testing

/// The files of this repository, as the tidy tests read them.
enum SourceTree {
    /// Where the repository is.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    /// Folders and files that are made, not written.
    private static let made: Set<String> = [".build", ".git", ".swiftpm", "run"]

    /// Every text file, by path from the root.
    static let files: [TextFile] = {
        let prefix = root.path.hasSuffix("/") ? root.path : root.path + "/"
        guard let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        else {
            return []
        }
        var files: [TextFile] = []
        for case let url as URL in walk {
            let name = url.lastPathComponent
            if made.contains(name) || name.hasPrefix(".build-") {
                walk.skipDescendants()
            } else if (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true,
                let text = try? String(contentsOf: url, encoding: .utf8)
            {
                files.append(TextFile(path: String(url.standardizedFileURL.path.dropFirst(prefix.count)), text: text))
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    /// Swift that people wrote.
    static var swift: [TextFile] { files.filter { $0.path.hasSuffix(".swift") && !$0.path.contains("/Generated/") } }

    /// Swift that people wrote and that ships.
    static var sources: [TextFile] { swift.filter { $0.path.hasPrefix("Sources/") } }

    /// The file at a path.
    /// - Throws: a failed requirement if there is none.
    static func file(_ path: String) throws -> TextFile {
        try #require(files.first { $0.path == path }, "\(path) is missing")
    }
}

/// A file and its lines.
struct TextFile: Sendable, CustomTestStringConvertible {
    /// From the repository's root.
    let path: String
    /// All of it.
    let text: String
    /// Its lines, numbered from 1.
    let lines: [(number: Int, text: Substring)]
    /// Its lines of Swift without comments and without what stands in string literals; none in other files.
    let code: [(number: Int, text: String)]

    /// The file at a path, with its text.
    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            ($0.offset + 1, $0.element)
        }
        code = path.hasSuffix(".swift") ? Self.code(in: lines) : []
    }

    var testDescription: String { path }

    private static func code(in lines: [(number: Int, text: Substring)]) -> [(number: Int, text: String)] {
        var insideText = false
        return lines.compactMap { number, line in
            let isFence = line.contains("\"\"\"")
            defer { if isFence { insideText.toggle() } }
            let code = insideText || isFence ? "" : code(in: line)
            return code.isEmpty ? nil : (number, code)
        }
    }

    private static func code(in line: Substring) -> String {
        let quote = UInt8(ascii: "\"")
        let slash = UInt8(ascii: "/")
        let backslash = UInt8(ascii: "\\")
        var code: [UInt8] = []
        var insideText = false
        var previous = UInt8(ascii: " ")
        for byte in line.utf8 {
            if byte == quote && previous != backslash {
                insideText.toggle()
                code.append(byte)
            } else if !insideText {
                if byte == slash && previous == slash {
                    code.removeLast()
                    break
                }
                code.append(byte)
            }
            previous = previous == backslash && byte == backslash ? 0 : byte
        }
        return code.allSatisfy { $0 == UInt8(ascii: " ") } ? "" : String(decoding: code, as: UTF8.self)
    }
}

/// Something untidy: where, what, and what to do instead.
func untidy(_ path: String, _ line: Int = 1, _ what: String, instead: String) {
    Issue.record(
        "\(path):\(line): \(what). Instead: \(instead)",
        sourceLocation: SourceLocation(fileID: "rollcall/\(path)", filePath: path, line: line, column: 1))
}
