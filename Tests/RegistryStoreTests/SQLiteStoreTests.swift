import ErrorCatalogue
import Foundation
import GRDB
import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("SQLiteStore")
struct SQLiteStoreTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test func `everything comes back after a restart, field by field`() throws {
        let nodes = [node(3), node(1), node(2, hostname: "")]
        let findings = [
            finding(1, subject: .node(nodeID(1)), cleared: 30), finding(2, subject: .site("taipei"), name: "taipei"),
            finding(3, subject: .service(nodeID(2), name: "svagents")), finding(9, subject: .server, name: "server"),
        ]
        let keys = [
            KeyRecord(key: nodeID(1), node: nodeID(1), since: moment(), decision: .hardware, replacedBy: nodeID(8)),
            KeyRecord(key: nodeID(8), node: nodeID(1), since: moment(1), decision: .byOperator),
        ]
        let store = try directory.open()
        try store.commit(
            nodes.map(Change.node) + findings.map(Change.finding) + keys.map(Change.key) + [
                .key(KeyRecord(key: nodeID(9), node: nodeID(9), since: moment(), decision: .byOperator)),
                .removeKey(nodeID(9)),
            ], lastSeen: [])
        try store.commit([.history(entry(1, "registered")), .history(entry(1, "suspect", at: 5))], lastSeen: [])
        store.close()

        let again = try directory.open()
        let restored = try again.load()
        #expect(restored.nodes == nodes, "in the order of first registration")
        #expect(restored.findings == findings)
        #expect(restored.keys == keys)
        #expect(restored.lastFindingID == 9)
        #expect(restored.lastAlive == moment(4))
        #expect(
            try again.history(of: nodeID(1), limit: 10) == [entry(1, "suspect", at: 5), entry(1, "registered")])
        #expect(again.identity == store.identity)
    }

    @Test func `an empty registry has no nodes, no findings and never ran`() throws {
        #expect(try directory.open().load() == RestoredRegistry())
    }

    @Test func `changes apply in their order`() throws {
        let store = try directory.open()
        try store.commit(
            [
                .node(node(1)), .history(entry(1, "registered")), .removeNode(nodeID(1)),
                .node(node(1, hostname: "second")), .history(entry(1, "again")), .node(node(1, hostname: "third")),
                .finding(finding(1)), .finding(finding(1, cleared: 40)), .node(node(2)), .removeNode(nodeID(2)),
            ], lastSeen: [])
        let restored = try store.load()
        #expect(restored.nodes == [node(1, hostname: "third")])
        #expect(restored.findings == [finding(1, cleared: 40)])
        #expect(try store.history(of: nodeID(1), limit: 10) == [entry(1, "again")], "a removal forgets the history")
    }

    @Test func `a node that is replaced keeps its history and its place`() throws {
        let store = try directory.open()
        try store.commit([.node(node(1)), .node(node(2)), .history(entry(1, "registered"))], lastSeen: [])
        try store.commit([.node(node(1, hostname: "renamed"))], lastSeen: [])
        #expect(try store.load().nodes.map(\.facts.hostname) == ["renamed", "web-2"])
        #expect(try store.history(of: nodeID(1), limit: 10).count == 1)
    }

    @Test func `last-seen times are saved, and a late note does not turn one back`() throws {
        let store = try directory.open()
        try store.commit(
            [.node(node(1)), .node(node(2))], lastSeen: [(nodeID(1), moment(100)), (nodeID(7), moment(9))])
        try store.commit([], lastSeen: [(nodeID(1), moment(90)), (nodeID(2), moment(200))])
        let restored = try store.load()
        #expect(restored.nodes.map(\.lastSeen) == [moment(100), moment(200)])
        #expect(restored.lastAlive == moment(200))
        try store.commit([.node(node(2))], lastSeen: [])
        #expect(try store.load().nodes[1].lastSeen == moment(4), "a registration says what is true now")
    }

    @Test func `a commit that fails changes nothing`() throws {
        let store = try directory.open()
        try store.commit([.node(node(1))], lastSeen: [])
        try store.writer.write {
            try $0.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON node WHEN NEW.hostname = 'poison'
                    BEGIN SELECT RAISE(ABORT, 'not this one'); END
                    """)
        }
        let error = storeError {
            try store.commit(
                [.node(node(2)), .removeNode(nodeID(1)), .node(node(3, hostname: "poison"))],
                lastSeen: [(nodeID(1), moment(500))])
        }
        #expect(error?.reason == .rejected)
        #expect(error?.message == "not this one")
        #expect(try store.load().nodes == [node(1)])
    }

    @Test func `a node keeps its newest history up to the limit`() throws {
        var limits = StoreLimits()
        limits.historyPerNodeMax = 5
        let store = try directory.open(limits: limits)
        try store.commit([.node(node(1)), .node(node(2)), .history(entry(2, "registered"))], lastSeen: [])
        try store.commit((1...23).map { .history(entry(1, "event-\($0)", at: Int64($0))) }, lastSeen: [])
        #expect(
            try store.history(of: nodeID(1), limit: 100).map(\.event)
                == ["event-23", "event-22", "event-21", "event-20", "event-19"])
        #expect(try store.history(of: nodeID(1), limit: 2).map(\.event) == ["event-23", "event-22"])
        #expect(try store.history(of: nodeID(2), limit: 100).count == 1)
        #expect(try store.history(of: nodeID(3), limit: 100).isEmpty)
    }

    @Test func `old history goes as the store is used, a few nodes at a time`() throws {
        var limits = StoreLimits()
        limits.historyAgeMax = .seconds(100)
        limits.entriesPerRetentionStep = 2
        limits.nodesPerRetentionStep = 2
        let store = try directory.open(limits: limits)
        try store.commit((1...5).map { .node(node($0)) }, lastSeen: [])
        try store.commit((1...5).map { .history(entry($0, "old")) }, lastSeen: [])
        for second in 1...6 {
            try store.commit(
                [.history(entry(1, "new", at: 1_000)), .history(entry(2, "new", at: 1_000 + Int64(second)))],
                lastSeen: [])
        }
        for number in 1...5 {
            #expect(try store.history(of: nodeID(number), limit: 99).allSatisfy { $0.event == "new" }, "node \(number)")
        }
        #expect(try store.history(of: nodeID(1), limit: 99).count == 6)
    }

    @Test func `a fleet too large for everybody's history shares what there is`() throws {
        var limits = StoreLimits()
        limits.historyMax = 12
        limits.historyPerNodeMin = 2
        limits.entriesPerRetentionStep = 1
        let store = try directory.open(limits: limits)
        try store.commit((1...4).map { .node(node($0)) }, lastSeen: [])
        for second in 1...10 {
            try store.commit((1...4).map { .history(entry($0, "event-\(second)", at: Int64(second))) }, lastSeen: [])
        }
        for number in 1...4 {
            #expect(
                try store.history(of: nodeID(number), limit: 99).map(\.event) == ["event-10", "event-9", "event-8"])
        }
    }

    @Test func `cleared findings come by the page, newest first`() throws {
        var limits = StoreLimits()
        limits.clearedFindingsLoadedMax = 2
        let store = try directory.open(limits: limits)
        let findings = (1...9).map { number -> Finding in
            finding(
                UInt64(number), subject: number % 2 == 0 ? .node(nodeID(2)) : .service(nodeID(1), name: "svagents"),
                cleared: number == 4 ? nil : 50)
        }
        try store.commit(findings.map(Change.finding), lastSeen: [])
        #expect(try store.load().findings.map(\.id) == [4, 8, 9], "the active one, and the newest cleared")
        #expect(try store.clearedFindings(before: nil, node: nil, limit: 3).map(\.id) == [9, 8, 7])
        #expect(try store.clearedFindings(before: 7, node: nil, limit: 3).map(\.id) == [6, 5, 3])
        #expect(try store.clearedFindings(before: 3, node: nil, limit: 3).map(\.id) == [2, 1])
        #expect(try store.clearedFindings(before: nil, node: nodeID(1), limit: 9).map(\.id) == [9, 7, 5, 3, 1])
        #expect(try store.clearedFindings(before: 8, node: nodeID(2), limit: 1).map(\.id) == [6])
    }

    @Test func `old cleared findings go, but not the highest id`() throws {
        var limits = StoreLimits()
        limits.clearedFindingsMax = 2
        limits.findingAgeMax = .seconds(1_000)
        limits.entriesPerRetentionStep = 1
        let store = try directory.open(limits: limits)
        try store.commit((1...6).map { .finding(finding($0, cleared: $0 == 2 ? nil : 30)) }, lastSeen: [])
        #expect(try store.load().findings.map(\.id) == [2, 5, 6])
        try store.commit([.node(node(1)), .history(entry(1, "much later", at: 9_000))], lastSeen: [])
        let restored = try store.load()
        #expect(restored.findings.map(\.id) == [2, 6])
        #expect(restored.lastFindingID == 6)
    }

    @Test func `words and members of a newer minor version do no harm`() throws {
        let store = try directory.open()
        try store.commit(
            [.node(node(1)), .finding(finding(1)), .finding(finding(2)), .finding(finding(3))], lastSeen: [])
        try store.writer.write {
            try $0.execute(
                sql: """
                    UPDATE node SET role = 'witness', platform = 'plan9', reachability = 'dreaming',
                        components = '["mobility-agent", "witness"]',
                        services = '[{"name": "x", "state": "paused", "mood": [1, {"deep": null}], "start_type": "lazy"}]';
                    UPDATE finding SET code = '99999' WHERE id = 1;
                    UPDATE finding SET subject = 'planet' WHERE id = 2;
                    UPDATE finding SET severity = 'apocalyptic' WHERE id = 3;
                    """)
        }
        let restored = try store.load()
        let read = try #require(restored.nodes.first)
        #expect(read.facts.role == .mobilityAgent)
        #expect(read.facts.platform == .unknown)
        #expect(read.reachability == .suspect)
        #expect(read.components == [.mobilityAgent])
        #expect(read.services.map(\.report) == [ServiceReport(name: "x", state: .unknown)])
        #expect(restored.findings.map(\.id) == [3])
        #expect(restored.findings.first?.severity == .critical)
        #expect(restored.lastFindingID == 3)
    }

    @Test func `a list that is no list names its row`() throws {
        let store = try directory.open()
        try store.commit([.node(node(1))], lastSeen: [])
        try store.writer.write { try $0.execute(sql: "UPDATE node SET addresses = '[\"10.0.0.1\"'") }
        let error = storeError { _ = try store.load() }
        #expect(error?.reason == .damaged)
        #expect(error?.message.contains(nodeID(1).description) == true)
    }

    @Test func `it commits with a full sync of a write-ahead log`() throws {
        let store = try directory.open()
        let settings = try store.writer.read { database in
            [
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try String.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA foreign_keys"),
                try String.fetchOne(database, sql: "PRAGMA application_id"),
            ]
        }
        #expect(settings == ["wal", "2", "1", String(RegistrySchema.applicationID)])
    }

    @Test func `a reader does not wait for a writer, nor a writer for a reader`() throws {
        let store = try directory.open()
        try store.commit([.node(node(1))], lastSeen: [])
        try store.writer.write { database in
            try database.execute(sql: "DELETE FROM node")
            #expect(try store.load().nodes.count == 1, "read in the middle of a transaction")
        }
        try store.reader.read { database in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM node")
            try store.commit([.node(node(2))], lastSeen: [])
        }
        #expect(try store.load().nodes.count == 1)
    }

    @Test func `a closed store says so`() throws {
        let store = try directory.open()
        store.close()
        #expect(storeError { try store.commit([.node(node(1))], lastSeen: []) }?.reason == .closed)
        #expect(storeError { _ = try store.load() }?.reason == .closed)
        #expect(!FileManager.default.fileExists(atPath: directory.registry + "-wal"))
    }

    @Test func `every durable word is known again, and no two are alike`() {
        func check<Value: StoredWord>(_ type: Value.Type) {
            for value in Value.allCases { #expect(Value.known(value.word) == value) }
            #expect(Value.known("never heard of") == nil)
        }
        check(Role.self)
        check(Platform.self)
        check(ComponentKind.self)
        check(Reachability.self)
        check(ServiceState.self)
        check(StartType.self)
        check(Severity.self)
    }
}
