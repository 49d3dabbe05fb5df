import Registry
import Synchronization
import TestSupport
import Testing

@testable import RegistryStore

@Suite("CommitQueue")
struct CommitQueueTests {
    @Test func `what gathers while the disk is busy is one commit`() async {
        let store = ScriptedStore(isGated: true)
        let queue = CommitQueue(store: store, settings: .patient)
        let answers = Journal<Int>()
        queue.enqueue([.node(node(0))]) { _ in answers.note(0) }
        for await _ in store.entered { break }
        for number in 1...1_000 { queue.enqueue([.node(node(number))]) { _ in answers.note(number) } }
        #expect(queue.counters.pending == 1_000)
        store.release()
        #expect(await queue.flushed() == nil)
        #expect(store.commits.map(\.changes.count) == [1, 1_000])
        #expect(answers.entries == Array(0...1_000), "answered in order")
        #expect(store.changes == (0...1_000).map { .node(node($0)) }, "written in order")
        #expect(queue.counters.commits == 2)
        #expect(queue.counters.changes == 1_001)
        #expect(queue.counters.pending == 0)
    }

    @Test func `a commit takes so many changes and not more, but never cuts an enqueue in two`() async {
        var settings = CommitSettings.patient
        settings.changesPerCommitMax = 10
        let store = ScriptedStore(isGated: true)
        let queue = CommitQueue(store: store, settings: settings)
        queue.enqueue([.node(node(0))])
        for await _ in store.entered { break }
        for _ in 1...6 { queue.enqueue((1...4).map { .node(node($0)) }) }
        queue.enqueue((1...25).map { .node(node($0)) })
        queue.enqueue([.node(node(1))])
        store.release()
        await queue.flushed()
        #expect(store.commits.map(\.changes.count) == [1, 8, 8, 8, 25, 1])
    }

    @Test func `an enqueue without changes is a barrier and costs no commit`() async {
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: .patient)
        #expect(await queue.write([]) == nil)
        #expect(store.tries == 0)
    }

    @Test func `a failure is answered at once, and the change is kept and written when the store is back`() async {
        let store = ScriptedStore()
        let states = Journal<CommitQueue.State>()
        let queue = CommitQueue(store: store, settings: .patient) { states.note($0) }
        store.fail(.diskFull)
        #expect(await queue.write([.node(node(1)), .history(entry(1, "registered"))])?.reason == .diskFull)
        #expect(await queue.write([.node(node(2)), .node(node(1, hostname: "renamed"))])?.reason == .diskFull)
        #expect(store.tries == 1, "the second was refused without another try")
        #expect(queue.counters.kept == 3)
        #expect(queue.counters.failures == 1)

        store.fail(nil)
        #expect(await queue.flushed() == nil)
        #expect(
            store.changes == [
                .node(node(1, hostname: "renamed")), .node(node(2)), .history(entry(1, "registered")),
            ])
        #expect(queue.counters.kept == 0)
        #expect(await queue.write([.node(node(3))]) == nil)
        #expect(
            states.entries == [
                .failing(StoreError(.diskFull, path: "/test/registry.sqlite", operation: "write")), .working,
            ])
    }

    @Test func `it tries by itself and recovers`() async {
        let store = ScriptedStore()
        let states = Journal<CommitQueue.State>()
        var settings = CommitSettings.eager
        settings.enqueueRetryInterval = .seconds(3_600)
        let queue = CommitQueue(store: store, settings: settings) { states.note($0) }
        store.fail(.readOnly)
        #expect(await queue.write([.node(node(1))])?.reason == .readOnly)
        store.fail(nil)
        #expect(await states.first { $0 == .working } == .working)
        #expect(store.changes == [.node(node(1))])
        queue.close()
    }

    @Test func `a new change is an occasion to try`() async {
        let store = ScriptedStore()
        var settings = CommitSettings.patient
        settings.enqueueRetryInterval = .zero
        let queue = CommitQueue(store: store, settings: settings)
        store.fail(.inputOutput)
        for number in 1...3 { #expect(await queue.write([.node(node(number))])?.reason == .inputOutput) }
        #expect(store.probes == 2, "a small write tells that it is still broken")
        #expect(store.tries == 1)
        store.fail(nil)
        #expect(await queue.write([.node(node(4))]) == nil)
        #expect(store.changes == (1...4).map { .node(node($0)) }, "what was kept goes first")
    }

    @Test func `what was kept is written in groups, too`() async {
        var settings = CommitSettings.patient
        settings.changesPerCommitMax = 100
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: settings)
        store.fail(.diskFull)
        for number in 1...250 { queue.enqueue([.node(node(number))]) }
        _ = await queue.write([])
        #expect(queue.counters.kept == 250)
        store.fail(nil)
        await queue.flushed()
        #expect(store.commits.map(\.changes.count) == [100, 100, 50])
        #expect(store.changes == (1...250).map { .node(node($0)) })
    }

    @Test func `a different failure is told, the same one is not told again`() async {
        let store = ScriptedStore()
        let states = Journal<CommitQueue.State>()
        let queue = CommitQueue(store: store, settings: .patient) { states.note($0) }
        for reason in [StoreError.Reason.diskFull, .diskFull, .readOnly, .readOnly] {
            store.fail(reason)
            queue.enqueue([.node(node(1))])
            await queue.flushed()
        }
        let reasons = states.entries.map { state -> StoreError.Reason? in
            guard case .failing(let error) = state else { return nil }
            return error.reason
        }
        #expect(reasons == [.diskFull, .readOnly])
    }

    @Test func `last-seen times wait for the save, the latest of each node`() async {
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: .patient)
        queue.noteLastSeen([(nodeID(1), moment(1)), (nodeID(2), moment(1))])
        queue.noteLastSeen([(nodeID(1), moment(9)), (nodeID(1), moment(5))])
        #expect(await queue.write([.node(node(3))]) == nil)
        #expect(store.commits.map(\.lastSeen.count) == [0], "a registration does not wait for them")
        await queue.flushed()
        let saved = store.commits.flatMap(\.lastSeen).sorted { $0.0 < $1.0 }
        #expect(saved.map(\.0) == [nodeID(1), nodeID(2)])
        #expect(saved.map(\.1) == [moment(9), moment(1)])
        #expect(queue.counters.lastSeenTimes == 2)
    }

    @Test func `last-seen times are saved by themselves when their time has come`() async {
        let store = ScriptedStore()
        var settings = CommitSettings.patient
        settings.lastSeenSaveInterval = .zero
        settings.lastSeenPerCommitMax = 10
        let queue = CommitQueue(store: store, settings: settings)
        queue.noteLastSeen((1...25).map { (nodeID($0), moment()) })
        var entered = store.entered.makeAsyncIterator()
        for _ in 1...3 { _ = await entered.next() }
        _ = await queue.write([])
        #expect(store.commits.map(\.lastSeen.count).sorted() == [5, 10, 10], "in groups that keep nobody waiting")
    }

    @Test func `last-seen times outlast a failure, and what came later wins`() async {
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: .patient)
        queue.noteLastSeen([(nodeID(1), moment(1)), (nodeID(2), moment(2))])
        store.fail(.diskFull)
        #expect(await queue.flushed()?.reason == .diskFull)
        queue.noteLastSeen([(nodeID(1), moment(7))])
        store.fail(nil)
        #expect(await queue.flushed() == nil)
        let saved = store.commits.flatMap(\.lastSeen).sorted { $0.0 < $1.0 }
        #expect(saved.map(\.1) == [moment(7), moment(2)])
    }

    @Test func `a change that the database refuses does not take others with it`() async {
        let store = ScriptedStore(isGated: true)
        let poison = Change.node(node(3))
        store.reject { $0 == poison }
        let states = Journal<CommitQueue.State>()
        let queue = CommitQueue(store: store, settings: .patient) { states.note($0) }
        queue.enqueue([.node(node(0))])
        for await _ in store.entered { break }
        let answers = Journal<String>()
        for number in 1...5 {
            queue.enqueue([.node(node(number))]) { result in
                if case .failure(let error) = result {
                    answers.note("\(number) \(error.reason)")
                } else {
                    answers.note("\(number) written")
                }
            }
        }
        store.release()
        await queue.flushed()
        #expect(answers.entries == ["1 written", "2 written", "3 rejected", "4 written", "5 written"])
        #expect(store.changes == [0, 1, 2, 4, 5].map { .node(node($0)) })
        #expect(queue.counters.rejected == 1)
        #expect(states.entries.isEmpty, "the store works")
    }

    @Test func `a refused change among those that were kept is given up, the others are written`() async {
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: .patient)
        store.fail(.diskFull)
        _ = await queue.write((1...5).map { .node(node($0)) })
        store.fail(nil)
        let poison = Change.node(node(2))
        store.reject { $0 == poison }
        #expect(await queue.flushed() == nil)
        #expect(store.changes == [1, 3, 4, 5].map { .node(node($0)) })
        #expect(queue.counters.rejected == 1)
        #expect(queue.counters.kept == 0)
    }

    @Test func `too many waiting changes are refused, but kept, and written in their order`() async {
        var settings = CommitSettings.patient
        settings.pendingMax = 3
        let store = ScriptedStore(isGated: true)
        let queue = CommitQueue(store: store, settings: settings)
        queue.enqueue([.node(node(0))])
        for await _ in store.entered { break }
        let answers = Journal<String>()
        for number in 1...5 {
            queue.enqueue([.node(node(number))]) { result in
                if case .failure(let error) = result {
                    answers.note("\(number) \(error.reason)")
                } else {
                    answers.note("\(number) written")
                }
            }
        }
        #expect(queue.counters.pending == 3)
        #expect(queue.counters.overloads == 2)
        store.release()
        await queue.flushed()
        #expect(await queue.write([.node(node(6))]) == nil)
        #expect(answers.entries.sorted() == ["1 written", "2 written", "3 written", "4 overloaded", "5 overloaded"])
        #expect(store.changes == (0...6).map { .node(node($0)) })
    }

    @Test func `closing writes everything that waits, and closes the store`() async {
        let store = ScriptedStore(isGated: true)
        let queue = CommitQueue(store: store, settings: .patient)
        for number in 1...100 { queue.enqueue([.node(node(number))]) }
        queue.noteLastSeen([(nodeID(1), moment(3))])
        store.release()
        queue.close()
        #expect(store.changes.count == 100)
        #expect(store.commits.flatMap(\.lastSeen).count == 1)
        #expect(store.isClosed)
        #expect(await queue.write([.node(node(1))])?.reason == .closed)
        #expect(await queue.flushed()?.reason == .closed)
        queue.close()
    }

    @Test func `closing while the store fails tries once more and gives up`() async {
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: .patient)
        store.fail(.diskFull)
        _ = await queue.write([.node(node(1))])
        queue.noteLastSeen([(nodeID(1), moment(3))])
        queue.close()
        #expect(store.probes == 1)
        #expect(store.isClosed)
    }

    @Test func `a store that much was written to rests once nothing more comes`() async {
        var settings = CommitSettings.patient
        (settings.changesBeforeRest, settings.restAfter) = (10, .zero)
        let store = ScriptedStore()
        let (rests, told) = AsyncStream<Void>.makeStream()
        let queue = CommitQueue(store: store, settings: settings) { _ in
        } onRest: {
            told.yield()
        }
        for number in 1...9 { _ = await queue.write([.node(node(number))]) }
        #expect(store.rests == 0)
        _ = await queue.write([.node(node(10))])
        for await _ in rests { break }
        #expect(store.rests == 1)
        queue.close()
    }

    @Test func `an outage does not grow with its length`() async {
        var settings = CommitSettings.patient
        settings.keptHistoryMax = 64
        let store = ScriptedStore()
        let queue = CommitQueue(store: store, settings: settings)
        store.fail(.diskFull)
        for second in 1...2_000 {
            queue.enqueue([
                .node(node(second % 10)), .finding(finding(UInt64(second % 5))),
                .history(entry(second % 10, "flap", at: Int64(second))),
            ])
        }
        _ = await queue.write([])
        #expect(queue.counters.kept < 10 + 5 + 64 + 64 / 8)
        #expect(queue.counters.droppedHistory > 1_900)
    }
}
