import GRDB
import Registry
import TestSupport
import Testing

@testable import RegistryStore

/// What threads of their own read is what one would.
@Suite("Reading a large registry")
struct NodeLoadTests {
    private var limits: StoreLimits {
        var limits = StoreLimits()
        limits.loadingThreads = 3
        limits.nodesPerLoadingThreadMin = 5
        limits.numbersPerLoadingBatch = 7
        return limits
    }

    /// 100 nodes, and gaps where others were removed.
    private func fill(_ directory: borrowing TestDirectory) throws -> [NodeRecord] {
        let store = try directory.open()
        defer { store.close() }
        try store.commit((0..<150).map { .node(node($0)) }, lastSeen: [])
        try store.commit((20..<70).map { .removeNode(nodeID($0)) }, lastSeen: [])
        return (Array(0..<20) + Array(70..<150)).map { node($0) }
    }

    @Test("gives each node once, in the order of first registration")
    func order() throws {
        let directory = try TestDirectory()
        let nodes = try fill(directory)
        let store = try directory.open(limits: limits)
        defer { store.close() }
        #expect(try store.load().nodes == nodes)
        #expect(try store.load().lastAlive == nodes.map(\.lastSeen).max())
    }

    @Test("ends with the row that is not what it should be, and leaves no thread behind")
    func malformed() throws {
        let directory = try TestDirectory()
        _ = try fill(directory)
        try DatabaseQueue(path: directory.registry).write { database in
            try database.execute(
                sql: "UPDATE node SET addresses = 'none' WHERE id = ?", arguments: [nodeID(120).description])
        }
        let store = try directory.open(limits: limits)
        defer { store.close() }
        for _ in 0..<20 {
            let error = storeError { _ = try store.load() }
            #expect(error?.reason == .damaged)
            #expect(error?.message.contains(nodeID(120).description) ?? false)
        }
    }
}
