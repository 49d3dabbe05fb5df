import Foundation
import RollcallProtocol
import SwiftProtobuf
import Testing

/// The examples of docs/protocol.md are what people write clients from.
@Suite("The examples in docs/protocol.md")
struct ProtocolPageTests {
    /// One example: `# Request` or `# Response`, the message as text, its frame.
    struct Example {
        var line: Int
        var kind: String
        var text: String
        var frame: [UInt8]
    }

    static let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/protocol.md")

    @Test("have the bytes that their text stands for")
    func bytesMatchText() throws {
        let examples = try Self.examples()
        #expect(examples.count >= 15, "docs/protocol.md has lost its examples")
        for example in examples {
            let place: Comment = "docs/protocol.md:\(example.line)"
            switch example.kind {
            case "Request":
                #expect(FrameEncoder.frame(try WireRequest(textFormatString: example.text)) == example.frame, place)
            case "Response":
                #expect(FrameEncoder.frame(try WireResponse(textFormatString: example.text)) == example.frame, place)
            default:
                Issue.record("an example begins with '# Request' or '# Response', not '# \(example.kind)'; \(place)")
            }
        }
    }

    @Test("cover each method of agents, asked and answered")
    func everyAgentMethodIsShown() throws {
        let texts = try Self.examples().map { "\($0.kind) \($0.text)" }
        for method in ["ping", "register", "heartbeat", "leave", "enroll"] {
            for kind in ["Request", "Response"] {
                #expect(
                    texts.contains { $0.hasPrefix(kind) && $0.contains("\n\(method) {") },
                    "docs/protocol.md shows no \(kind) of \(method): add an example")
            }
        }
    }

    @Test("stand beside every field of the definitions")
    func everyFieldIsNamed() throws {
        let page = try SourceTree.file("docs/protocol.md").text
        let words = Set(page.split { !($0.isLetter || $0.isNumber || $0 == "_") })
        for file in SourceTree.files where file.path.hasSuffix(".proto") {
            for line in file.lines {
                guard let field = line.text.firstMatch(of: /^\s*(?:optional |repeated )?[\w.]+ (\w+) = \d+;/) else {
                    continue
                }
                if !words.contains(field.1) {
                    untidy(
                        file.path, line.number, "docs/protocol.md does not tell of '\(field.1)'",
                        instead: "describe it there")
                }
            }
        }
    }

    /// Pairs of a `textproto` block and the `hex` block behind it.
    static func examples() throws -> [Example] {
        var examples: [Example] = []
        var block: [Substring]?
        let lines = try String(contentsOf: page, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            switch line {
            case "```textproto":
                examples.append(Example(line: index + 1, kind: "", text: "", frame: []))
                block = []
            case "```hex":
                block = []
            case "```":
                guard let finished = block, let last = examples.indices.last else { continue }
                if let kind = finished.first?.wholeMatch(of: /# (\w+)/) {
                    examples[last].kind = String(kind.1)
                    examples[last].text = finished.joined(separator: "\n")
                } else {
                    examples[last].frame = finished.joined(separator: " ").split(separator: " ").compactMap {
                        UInt8($0, radix: 16)
                    }
                }
                block = nil
            default:
                block?.append(line)
            }
        }
        return examples
    }
}
