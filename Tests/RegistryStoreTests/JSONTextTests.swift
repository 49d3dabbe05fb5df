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
    }
}
