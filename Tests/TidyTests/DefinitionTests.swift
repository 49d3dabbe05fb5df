import Foundation
import Testing

/// The protocol's definitions, and the Swift made of them.
@Suite("Protocol definitions")
struct DefinitionTests {
    static let definitions = SourceTree.files.filter { $0.path.hasSuffix(".proto") }

    @Test("explain every message, field and value", arguments: definitions)
    func comments(_ file: TextFile) {
        var previous: Substring = ""
        for line in file.lines {
            let text = line.text.drop { $0 == " " }
            let isDeclaration =
                text.firstMatch(of: /^(message|enum|service|oneof|rpc)\b/) != nil
                || text.firstMatch(of: /^((optional|repeated) )?[\w.]+ \w+ = \d+;/) != nil
                || text.firstMatch(of: /^[A-Z][A-Z0-9_]* = \d+;/) != nil
            if isDeclaration && !previous.hasPrefix("//") {
                untidy(
                    file.path, line.number, "'\(text)' has no comment",
                    instead: "say in the line above what it holds, in which unit and within which limits")
            }
            previous = text
        }
    }

    @Test("are what the generated Swift says", .enabled(if: canGenerate, "protoc or protoc-gen-swift is not installed"))
    func generated() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "rc-generated-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let status = try Self.run(
            "protoc",
            [
                "--proto_path=proto", "--swift_out=\(folder.path)",
                "--swift_opt=Visibility=Public,UseAccessLevelOnImports=true,FileNaming=DropPath",
            ] + Self.definitions.map(\.path))
        try #require(status == 0, "protoc does not take the definitions")
        for file in SourceTree.files where file.path.hasPrefix("Sources/RollcallProtocol/Generated/") {
            let name = URL(filePath: file.path).lastPathComponent
            let fresh = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            if fresh != file.text { untidy(file.path, 1, "not what proto/ says", instead: "make generated") }
        }
    }

    static let canGenerate = ["protoc", "protoc-gen-swift"].allSatisfy { name in
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs a command in the repository's root and returns its exit status.
    static func run(_ command: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.currentDirectoryURL = SourceTree.root
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
