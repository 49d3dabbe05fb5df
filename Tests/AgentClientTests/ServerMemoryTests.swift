import Foundation
import RollcallProtocol
import TestSupport
import Testing

@testable import AgentClient

@Suite("What an agent remembers of servers")
struct ServerMemoryTests {
    private func tag(_ start: UInt64, _ run: UInt64) -> WireServerTag {
        .with { ($0.registryID, $0.start, $0.run, $0.host) = (Data(repeating: 7, count: 16), start, run, "cs-01") }
    }

    private func memory(_ directory: TestDirectory, server: String = "cs-01:443") -> (ServerMemory, String?) {
        var memory = ServerMemory(identity: directory.url.path, server: server)
        let fault = memory.load()
        return (memory, fault)
    }

    @Test func `it outlives the process, for the server it was made with, and only its user may read it`() throws {
        let directory = try TestDirectory()
        var (first, fault) = memory(directory)
        #expect(fault == nil && first.known == MetServers())
        let met = MetServers(tags: [tag(1, 0xAB), tag(2, .max)])
        #expect(first.keep(met) == nil)
        let file = directory.path(ServerMemory.fileName)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(memory(directory).0.known == met)
        #expect(memory(directory, server: "other:443").0.known == MetServers())
        // Nothing new is not written.
        try FileManager.default.removeItem(atPath: file)
        #expect(first.keep(met) == nil && !FileManager.default.fileExists(atPath: file))
    }

    @Test(arguments: [
        "", "nonsense", "server cs-01:443\n0707 1 ab cs", "server cs-01:443\n\u{0}\u{1}\u{2}",
        "server cs-01:443\n07070707070707070707070707070707 x ab cs-01\n", String(repeating: "x", count: 20_000),
    ])
    func `a damaged file is told in one line, and written anew`(text: String) throws {
        let directory = try TestDirectory()
        try directory.write(ServerMemory.fileName, text)
        var (damaged, fault) = memory(directory)
        #expect(fault?.contains("is damaged") == true && fault?.contains("\n") == false)
        #expect(damaged.known == MetServers())
        #expect(damaged.keep(MetServers(tags: [tag(1, 1)])) == nil)
        let (again, noFault) = memory(directory)
        #expect(noFault == nil && again.known.last == tag(1, 1))
    }

    @Test func `where it cannot be written, that is said once, and the agent goes on`() {
        var memory = ServerMemory(identity: "/nowhere/at/all", server: "cs-01:443")
        #expect(memory.load() == nil)
        #expect(memory.keep(MetServers(tags: [tag(1, 1)]))?.contains("cannot be written") == true)
        #expect(memory.keep(MetServers(tags: [tag(1, 1)])) == nil)
    }
}
