import Foundation
import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("Lists in a column")
struct JSONTextTests {
    static let strings = [
        "", "plain", "with \"quotes\" and \\ and /", "tab\tnewline\nreturn\rbell\u{7}nul\u{0}", "伺服器 🛑 é",
    ]

    @Test func `strings come back whatever they hold`() throws {
        for count in 0...Self.strings.count {
            let list = Array(Self.strings.prefix(count))
            #expect(try JSONReader.list(JSONWriter.list(list)) == list)
        }
    }

    @Test func `what is written is JSON to others, too`() throws {
        let decoded = try JSONDecoder().decode([String].self, from: Data(JSONWriter.list(Self.strings).utf8))
        #expect(decoded == Self.strings)
    }

    @Test func `what others write is read`() throws {
        let encoded = String(decoding: try JSONEncoder().encode(Self.strings), as: UTF8.self)
        #expect(try JSONReader.list(encoded) == Self.strings)
        #expect(try JSONReader.list(" [ \"a\" ,\n\"\\u00e9\\uD83D\\uDED1\\/\" ] ") == ["a", "é🛑/"])
        #expect(try JSONReader.list("[ ]") == [])
    }

    @Test(arguments: [
        "", "[", "]", "{}", "[\"a\"", "[\"a]", "[\"a\",]", "[1]", "[\"a\" \"b\"]", "[\"\\x\"]", "[\"\\u12\"]",
        "[\"\\uD83D\"]", "[\"\\uDED1\"]", "[\"\\uD83D\\u0041\"]", "[\"a\"]x", "nonsense", "[\"\\",
    ])
    func `what is no list of strings is refused`(text: String) {
        #expect(throws: MalformedText.self) { try JSONReader.list(text) }
    }

    @Test func `an abyss of brackets is refused before it overflows the stack`() {
        #expect(throws: MalformedText.self) {
            var reader = JSONReader(String(repeating: "[", count: 1_000_000))
            try reader.skip()
        }
    }

    @Test func `numbers keep their full range`() throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("least", Int64.min)
            writer.member("most", Int64.max)
        }
        var read: [String: Int64] = [:]
        var reader = JSONReader(writer.text)
        try reader.object { read[$0] = try $1.integer() }
        #expect(read == ["least": .min, "most": .max])
        for text in ["9223372036854775808", "-9223372036854775809", "99999999999999999999", "-", "", "x"] {
            #expect(throws: MalformedText.self) {
                var reader = JSONReader(text)
                _ = try reader.integer()
            }
        }
    }

    @Test func `lists of services that differ in their times are read like any other`() throws {
        func record(_ name: String, _ reportedAt: Int64, _ since: Int64, _ state: ServiceState = .running)
            -> ServiceRecord
        {
            ServiceRecord(
                report: ServiceReport(name: name, state: state, detail: "\"since\":5, 10 units", unit: "a.service"),
                reportedAt: Instant(unixMilliseconds: reportedAt), since: Instant(unixMilliseconds: since))
        }
        let lists = [
            [record("a", 1, 2), record("b", 3, 4)],
            [record("a", 1_795_615_200_000, -7), record("b", .max / 1_000_000, 0)],
            [record("a", 5, 6), record("b", 7, 8, .stopped)], [record("a", 9, 10), record("b", 11, 12)],
            [record("a", 1, 2)], [], [record("\u{e9}", 1, 2)], [record("e\u{301}", 3, 4)], [record("a", 13, 14)],
        ]
        var recent = RecentRows()
        for list in lists + lists.reversed() {
            let read = try recent.services(ServiceRecord.list(list))
            #expect(read == list)
        }
        let text = ServiceRecord.list(lists[0])
        let spaced = try recent.services(" " + text + " ")
        #expect(spaced == lists[0])
        for strange in [text + "]", String(text.dropLast()), text.replacing(":2", with: ":x")] {
            #expect(throws: MalformedText.self) { try recent.services(strange) }
        }
    }
}
