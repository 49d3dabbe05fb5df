import Dashboard
import Foundation
import RollcallProtocol
import TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
    private let golden = Golden()

    @Test("documents are as in the golden files: their names are promises")
    func documentsAreAsInTheGoldenFiles() throws {
        let documents: [(String, JSONValue)] = [
            ("status", WireGetStatusResponse.troubled.with { $0.homecoming = .with { $0.expected = 1 } }.json),
            ("nodes", WireListNodesResponse.with { ($0.nodes, $0.total) = ([.web03, .announced], 2) }.json),
            ("node", WireGetNodeResponse.web03.json),
            (
                "errors",
                WireListErrorsResponse.with { ($0.errors, $0.total) = ([.siteSilent, .clearedContact], 2) }.json
            ),
        ]
        for (name, document) in documents {
            #expect(try golden.difference(of: document.pretty + "\n", from: "\(name).json") == nil)
        }
    }

    @Test("every name is on the page about the command line")
    func everyNameIsDocumented() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/cli.md")
        let text = try String(contentsOf: page.standardized, encoding: .utf8)
        let documents = [
            WireGetStatusResponse.troubled.with { $0.homecoming = .init() }.json, WireGetNodeResponse.web03.json,
            WireWatchErrorsResponse.with { $0.error = .siteSilent }.json, WireListNodesResponse().json,
        ]
        let names = Set(documents.flatMap { $0.compact.matches(of: /"([a-z0-9_]+)":/).map { String($0.1) } })
        #expect(names.count > 60)
        for name in names.sorted() { #expect(text.contains("`\(name)`"), "\(name)") }
    }

    @Test("every field is there when nothing is known, and null")
    func everyFieldIsThere() throws {
        let text = [WireGetStatusResponse().json, WireNode().json, WireConnectivityError().json]
            .map { $0.pretty + "\n" }.joined()
        #expect(try golden.difference(of: text, from: "nothing-known.json") == nil)
    }

    @Test("an event of a stream is one line")
    func eventIsOneLine() {
        let event = WireWatchErrorsResponse.with { ($0.event, $0.error) = (.cleared, .clearedContact) }
        #expect(event.json.compact.hasPrefix(#"{"event":"cleared","error":{"id":12,"code":"78093","variant":null,"#))
        #expect(!event.json.compact.contains("\n"))
    }

    @Test("compact and pretty texts say the same")
    func compactAndPrettySayTheSame() throws {
        let document = WireGetNodeResponse.web03.json
        func parsed(_ text: String) throws -> NSDictionary? {
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        }
        #expect(try parsed(document.compact) == parsed(document.pretty))
        #expect(try parsed(document.compact)?.count == 3)
    }

    @Test("numbers that JSON cannot write are null, empty containers stay on their line")
    func oddValues() {
        let document = JSONValue.object([
            ("infinite", .number(.infinity)), ("none", .array([])), ("nothing", .object([])), ("tiny", .number(1e-7)),
            ("large", .unsigned(.max)),
        ])
        #expect(
            document.compact
                == #"{"infinite":null,"none":[],"nothing":{},"tiny":1e-07,"large":18446744073709551615}"#)
        #expect(JSONValue.object([("none", .array([]))]).pretty == "{\n  \"none\": []\n}")
    }
}
