import ArgumentParser
import Testing

@testable import rollcall

@Suite("OperatorOptions")
struct OperatorOptionsTests {
    private func place(_ words: [String], _ environment: [String: String] = [:]) throws -> ServerPlace {
        try OperatorOptions.parse(words).place(in: environment)
    }

    @Test("the socket of the data directory is asked, unless something else is named")
    func places() throws {
        #expect(try place([]) == .local(path: "/var/lib/rollcall/rollcall.sock"))
        #expect(try place(["--data", "/srv/"]) == .local(path: "/srv/rollcall.sock"))
        #expect(try place([], ["ROLLCALL_DATA": "/srv"]) == .local(path: "/srv/rollcall.sock"))
        #expect(try place([], ["ROLLCALL_DATA": "/srv", "ROLLCALL_SOCKET": "/s"]) == .local(path: "/s"))
        #expect(try place(["--data", "/d"], ["ROLLCALL_SOCKET": "/s"]) == .local(path: "/d/rollcall.sock"))
        #expect(
            try place(["--server", "cs", "--identity", "me"], ["ROLLCALL_SOCKET": "/s"])
                == .remote(server: "cs", identity: "me"))
        let remote = ["ROLLCALL_SERVER": "cs", "ROLLCALL_IDENTITY": "me"]
        #expect(try place([], remote) == .remote(server: "cs", identity: "me"))
        #expect(try place(["--socket", "/s"], remote) == .local(path: "/s"))
        #expect(try place([], ["ROLLCALL_SERVER": "", "ROLLCALL_SOCKET": ""]) == place([]))
    }

    @Test("a server over TLS needs an identity, wherever its name comes from")
    func identityNeeded() throws {
        let options = try OperatorOptions.parse([])
        #expect(throws: ValidationError.self) { try options.place(in: ["ROLLCALL_SERVER": "cs"]) }
        #expect(throws: (any Error).self) { try OperatorOptions.parse(["--server", "cs"]) }
    }
}
