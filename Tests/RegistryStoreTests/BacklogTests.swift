import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("Backlog")
struct BacklogTests {
    @Test func `the last word on a node and on a finding stays, in an order that can be written`() {
        var backlog = Backlog(historyMax: 10)
        backlog.keep([
            .history(entry(1, "suspect")), .node(node(2)), .finding(finding(7)), .node(node(1)),
            .node(node(2, hostname: "renamed")), .finding(finding(3)), .history(entry(2, "unreachable")),
            .finding(finding(7, cleared: 40)),
        ])
        #expect(backlog.count == 6)
        #expect(
            backlog.takeAll() == [
                .node(node(1)), .node(node(2, hostname: "renamed")), .finding(finding(3)),
                .finding(finding(7, cleared: 40)), .history(entry(1, "suspect")), .history(entry(2, "unreachable")),
            ])
        #expect(backlog.isEmpty)
        #expect(backlog.takeAll().isEmpty)
    }

    @Test func `a removed node is forgotten with its history, and may come back`() {
        var backlog = Backlog(historyMax: 10)
        backlog.keep([
            .node(node(1)), .history(entry(1, "old")), .removeNode(nodeID(1)), .node(node(2)), .removeNode(nodeID(2)),
            .node(node(1, hostname: "again")), .history(entry(1, "registered")),
        ])
        #expect(
            backlog.takeAll() == [
                .removeNode(nodeID(1)), .node(node(1, hostname: "again")), .removeNode(nodeID(2)),
                .history(entry(1, "registered")),
            ])
    }

    @Test func `the last word on a key stays, also that nothing is known of it`() {
        var backlog = Backlog(historyMax: 10)
        let record = KeyRecord(key: nodeID(1), node: nodeID(2), since: moment(), decision: .hardware)
        backlog.keep([.removeKey(nodeID(1)), .key(record), .key(record), .removeKey(nodeID(3))])
        #expect(backlog.count == 2)
        #expect(backlog.takeAll() == [.key(record), .removeKey(nodeID(3))])
        #expect(backlog.isEmpty)
    }

    @Test func `history is bounded: the oldest goes, and is counted`() {
        var backlog = Backlog(historyMax: 32)
        backlog.keep((1...1_000).map { .history(entry(1, "event-\($0)")) })
        #expect(backlog.count == 32)
        #expect(backlog.droppedHistory == 968)
        #expect(backlog.takeAll().last == .history(entry(1, "event-1000")))
    }
}
