import Foundation
import TestSupport
import Testing

@testable import SecureTransport

@Suite("A passphrase")
struct PassphraseTests {
    private func file(_ text: String, mode: Int = 0o600) throws -> (TestDirectory, String) {
        let directory = try TestDirectory()
        let path = directory.path("passphrase")
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return (directory, path)
    }

    private func text(_ passphrase: Passphrase) -> String {
        unsafe passphrase.bytes.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "is the first line of its file, with or without an end", arguments: ["a b", "a b\n", "a b\r\n", "a b\nmore\n"])
    func line(_ contents: String) throws {
        let (directory, path) = try file(contents)
        withExtendedLifetime(directory) {}
        #expect(text(try Passphrase(file: path)) == "a b")
    }

    @Test("is refused where there is none, where it is too long, and where others can read it")
    func refusals() throws {
        let (one, empty) = try file("\n")
        #expect(throws: PassphraseError.empty(empty)) { try Passphrase(file: empty) }
        let (two, long) = try file(String(repeating: "x", count: 257))
        #expect(throws: PassphraseError.tooLong(long)) { try Passphrase(file: long) }
        let (three, open) = try file("correct horse\n", mode: 0o640)
        let error = #expect(throws: PassphraseError.exposed(open, mode: 0o640)) { try Passphrase(file: open) }
        #expect(error?.description.contains("chmod 600 \(open)") == true)
        #expect(throws: PassphraseError.self) { try Passphrase(file: "/nowhere/passphrase") }
        withExtendedLifetime((one, two, three)) {}
    }

    @Test("that people choose has to be long and varied; one that is made is")
    func strength() throws {
        for weak in ["short", "fifteen letters", "aaaaaaaaaaaaaaaaaaaaaaaa", "correct horse\u{7} battery"] {
            #expect(throws: PassphraseError.self) { try Passphrase(weak).checkStrength() }
        }
        try Passphrase("correct horse battery").checkStrength()
        let (one, shown) = try Passphrase.generate()
        try one.checkStrength()
        #expect(text(one) == shown)
        #expect(shown.split(separator: "-").map(\.count) == [5, 5, 5, 5, 5])
        #expect(try Passphrase.generate().text != shown)
    }

    @Test("does not show itself")
    func silent() {
        let passphrase = Passphrase("correct horse battery")
        var dumped = "\(passphrase) \(passphrase.bytes)"
        dump(passphrase, to: &dumped)
        #expect(!dumped.contains("horse"))
    }
}
