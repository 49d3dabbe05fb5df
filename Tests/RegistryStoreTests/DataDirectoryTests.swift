import Foundation
import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("Data directory")
struct DataDirectoryTests {
    let directory: TestDirectory
    var path: String { directory.path("var/lib/rollcall") }

    init() throws { directory = try TestDirectory() }

    @Test func `it is made with its parents, for its owner and group only`() throws {
        let data = try DataDirectory(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o750)
        #expect(data.registryPath == path + "/registry.sqlite")
        data.close()
    }

    @Test func `a second server is refused and told who holds it`() throws {
        let data = try DataDirectory(path: path)
        let error = storeError { _ = try DataDirectory(path: path) }
        #expect(
            error?.description == "data directory \(path) is in use by a Rollcall server with pid "
                + "\(ProcessInfo.processInfo.processIdentifier): stop it or choose another --data")
        data.close()
        try DataDirectory(path: path).close()
    }

    @Test func `the first server keeps its lock while others are refused`() throws {
        let data = try DataDirectory(path: path)
        for _ in 0..<3 { #expect(storeError { _ = try DataDirectory(path: path) } != nil) }
        data.close()
    }

    @Test func `a lock file that a killed server left holds nobody up`() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data("4194304\n".utf8).write(to: URL(fileURLWithPath: path + "/lock"))
        let data = try DataDirectory(path: path)
        let text = try String(contentsOfFile: path + "/lock", encoding: .utf8)
        #expect(text == "\(ProcessInfo.processInfo.processIdentifier)\n")
        data.close()
    }

    @Test func `a file in its place is named`() throws {
        try Data().write(to: URL(fileURLWithPath: directory.path("file")))
        let error = storeError { _ = try DataDirectory(path: directory.path("file")) }
        #expect(
            error?.description == "cannot use \(directory.path("file")): it is not a directory: move it away or choose "
                + "another --data")
    }

    @Test func `a file among its parents is named with what the system said`() throws {
        try Data().write(to: URL(fileURLWithPath: directory.path("file")))
        let error = storeError { _ = try DataDirectory(path: directory.path("file/data")) }
        #expect(error?.operation == "create")
        #expect(error?.path == directory.path("file/data"))
    }

    @Test func `a symbolic link to a directory will do`() throws {
        try FileManager.default.createDirectory(atPath: directory.path("real"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"), withDestinationPath: directory.path("real"))
        try DataDirectory(path: directory.path("link")).close()
    }

    @Test func `two registries in one process do not share a file either`() throws {
        let data = try DataDirectory(path: path)
        let store = try SQLiteStore(path: data.registryPath, fleet: "acme")
        let error = storeError { _ = try DataDirectory(path: path) }
        #expect(error?.reason == .inUse(pid: Int(ProcessInfo.processInfo.processIdentifier)))
        store.close()
        data.close()
    }
}
