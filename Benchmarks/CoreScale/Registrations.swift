import Foundation
import Registry
import RegistryStore
import Synchronization

extension CoreScale {
    /// 10,000 new nodes a second for ten seconds, each acknowledged after its commit, while another thread takes in
    /// heartbeats: how late those are done, in quiet and during the registrations.
    func registrations() throws {
        let quiet = Beats().run(for: 5) {}
        let path = "\(directory)/registrations.sqlite"
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        let queue = CommitQueue(store: try SQLiteStore(path: path, fleet: "core-scale"))
        var registry = Registry(settings: settings, at: start)
        var (calls, answers) = (Calls(), Calls())
        let committed = Mutex<[([Change], ContinuousClock.Instant, Bool)]>([])
        var acknowledged = 0
        var seconds = 0.0
        let loaded = Beats().run(for: nil) {
            let clock = ContinuousClock()
            let begun = clock.now
            var offered = 0
            while acknowledged < 100_000 {
                // What is due by now, and what was committed since.
                let due = min(100_000, Int((clock.now - begun) / .milliseconds(1)) * 10)
                while offered < due {
                    let number = offered
                    calls.time {
                        let outcome = registry.register(Fleet.registration(number), at: start)
                        let changes = outcome.effects.compactMap { effect -> Change? in
                            if case .persist(let change) = effect { change } else { nil }
                        }
                        let asked = clock.now
                        queue.enqueue(changes) { result in
                            let isDurable = if case .success = result { true } else { false }
                            committed.withLock { $0.append((changes, asked, isDurable)) }
                        }
                    }
                    offered += 1
                }
                let done = committed.withLock { waiting in
                    defer { waiting = [] }
                    return waiting
                }
                for (changes, asked, isDurable) in done where isDurable {
                    registry.commitSucceeded(changes)
                    answers.add(clock.now - asked)
                    acknowledged += 1
                }
                if done.isEmpty { usleep(500) }
            }
            seconds = (clock.now - begun) / .seconds(1)
        }
        queue.close()
        let counters = queue.counters
        report(
            "registrations, 10,000/s offered",
            "\(acknowledged) durable in \(rounded(seconds)) s: \(Int(Double(acknowledged) / seconds))/s, "
                + "\(counters.commits) commits; registry's call \(calls); from call to commit \(answers)")
        report("heartbeats in quiet", "\(quiet)")
        report(
            "heartbeats meanwhile", "\(loaded); p99 \(rounded(loaded.percentile(99) / quiet.percentile(99))) × quiet")
    }
}

/// A thread that takes in 17 heartbeats a millisecond, as a loop does, and notes how long after they were due each
/// was done.
final class Beats: Sendable {
    private let isOver = Atomic(false)

    /// Runs the body, or for nothing else but some seconds, and returns the delays.
    func run(for seconds: Int?, _ body: () -> Void) -> Calls {
        let result = Mutex(Calls())
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            let delays = beat()
            result.withLock { $0 = delays }
            done.signal()
        }
        if let seconds { sleep(UInt32(seconds)) }
        body()
        isOver.store(true, ordering: .relaxed)
        done.wait()
        return result.withLock { $0 }
    }

    private func beat() -> Calls {
        var liveness = Liveness()
        let start = Instant(unixMilliseconds: 0)
        let slots = (0..<100_000).map { liveness.admit(Fleet.session($0), interval: .seconds(60), at: start) }
        var delays = Calls()
        let clock = ContinuousClock()
        var due = clock.now
        var next = 0
        while !isOver.load(ordering: .relaxed) {
            due += .milliseconds(1)
            if due > clock.now { usleep(UInt32(max(0, (due - clock.now) / .microseconds(1)))) }
            for _ in 0..<17 {
                _ = liveness.heartbeat(
                    slots[next % slots.count], sequence: UInt64(next), bootTag: 0, sentUnixMilliseconds: 0, at: start)
                next += 1
                delays.add(clock.now - due)
            }
        }
        return delays
    }
}
