import Foundation
import Glibc
import RollcallProtocol
import Testing

extension EndToEnd {
    @Suite("A full disk")
    struct FullDiskTests {
        @Test(
            "With a full disk errors show, heartbeats go on, newcomers are refused, and all recovers by itself",
            .enabled(if: SmallDisk.isPossible, "needs the right to mount a small tmpfs: run the tests as root"))
        func fullDisk() async throws {
            let fleet = try await TestFleet()
            let disk = try SmallDisk(at: fleet.data, megabytes: 8)
            defer { withExtendedLifetime(disk) {} }
            let again = try await Program.run([
                "pki", "init", "--data", fleet.data, "--fleet", "test", "--host", "127.0.0.1",
            ])
            #expect(again.status == 0, "\(again)")
            let server = try await ServerProcess(fleet)
            let identity = try fleet.nodeIdentity()
            let known = try WireClient(server, identity: identity)
            #expect(try known.call(.register("known")).status == 0)

            try disk.fill()
            let newcomer = try fleet.nodeIdentity()
            let refusal = try WireClient(server, identity: newcomer).call(.register("newcomer"))
            #expect(refusal.status == StatusCode.unavailable.rawValue)
            #expect(refusal.message.contains("disk is full"), "\(refusal.message)")
            let errors = try await server.until("the error shows") {
                try await $0.errors()
            } _: {
                !$0.isEmpty
            }
            #expect(errors.map(\.name) == ["registry-not-writable"])
            #expect(errors.first?.scope == "server" && errors.first?.remedy.isEmpty == false)

            #expect(try known.call(.heartbeat(1)).status == 0)
            #expect(try known.call(.register("known")).status == 0, "it tells nothing new, so nothing is written")
            #expect(try known.call(.ping()).ping.readiness == .readOnly)
            #expect(try await server.nodes().map(\.hostname) == ["known"])
            let back = try WireClient(server, identity: identity)
            #expect(try back.call(.register("known")).status == 0, "a known node may come back on a new connection")

            try disk.empty()
            try await server.until("the error is cleared") {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
            #expect(try WireClient(server, identity: newcomer).call(.register("newcomer")).status == 0)
            #expect(try back.call(.ping()).ping.readiness == .ready)

            server.child.kill()
            let second = try await ServerProcess(fleet)
            #expect(try await second.nodes().map(\.hostname).sorted() == ["known", "newcomer"])
            second.child.kill()
        }
    }
}

/// A file system of some megabytes in memory.
final class SmallDisk {
    private let path: String
    private var filler: String { path + "/filler" }

    /// Whether this user may mount one.
    static let isPossible: Bool = {
        let path = FileManager.default.temporaryDirectory.appending(path: "rc-mount-\(getpid())").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { rmdir(path) }
        guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else { return false }
        umount2(path, Int32(MNT_DETACH))
        return true
    }()

    init(at path: String, megabytes: Int) throws {
        self.path = path
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Leaves not a byte.
    func fill() throws {
        let file = open(filler, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 4096)
        while write(file, block, block.count) > 0 {}
    }

    func empty() throws { try FileManager.default.removeItem(atPath: filler) }
}
