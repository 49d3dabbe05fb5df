import Foundation
import Registry
import RegistryStore

/// Drives registry and store at the size of a large fleet, and prints what each thing takes. Time of the fleet is
/// virtual; what is printed in ms and µs is real.
struct CoreScale {
    let nodes: Int
    let directory: String
    /// What to measure; empty: all of it.
    let parts: Set<String>
    let start = Instant(unixMilliseconds: 1_795_615_200_000)
    let settings = RegistrySettings(heartbeatInterval: .seconds(60), serverName: "cs-01")

    func run() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = "\(directory)/registry-\(nodes).sqlite"
        if !FileManager.default.fileExists(atPath: path) { try fill(path) }
        var registry = try restore(path)
        if isWanted("pages") {
            status(of: registry)
            try pages(of: registry)
            lookUps(in: registry)
        }
        if isWanted("heartbeats") { try heartbeats(&registry) }
        if isWanted("loss") {
            if !isWanted("heartbeats") {
                for number in 0..<nodes { _ = registry.register(Fleet.registration(number), at: start) }
            }
            lossOfMany(&registry)
            status(of: registry)
            errorPages(of: registry)
        }
        if isWanted("detection") { for count in [1_000, 10_000, nodes] { detection(among: count) } }
        if isWanted("site") { largeSite() }
        if isWanted("registrations") { try registrations() }
    }

    private func isWanted(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }

    /// A registry file with as many nodes, which answered when it was written.
    private func fill(_ path: String) throws {
        let watch = Stopwatch()
        let store = try SQLiteStore(path: path, fleet: "core-scale")
        for first in stride(from: 0, to: nodes, by: 10_000) {
            let changes = (first..<min(first + 10_000, nodes)).map { Change.node(Fleet.record($0, at: start)) }
            try store.commit(changes, lastSeen: [])
        }
        store.close()
        report("store filled", "\(nodes) nodes in \(watch.milliseconds) ms, 10,000 a commit")
    }

    private func restore(_ path: String) throws -> Registry {
        let before = Memory.residentBytes
        let watch = Stopwatch()
        let store = try SQLiteStore(path: path, fleet: "core-scale")
        var registry = Registry(settings: settings, startingAt: start)
        let rest = try store.load { registry.restore($0) }
        let read = watch.milliseconds
        registry.endRestore(rest)
        report(
            "start from disk",
            "\(watch.milliseconds) ms (rows \(read) ms), \(watch.processorMilliseconds) ms of processor")
        let bytes = Memory.residentBytes - before
        report("memory after start", "\(bytes / 1_048_576) MiB, \(bytes / max(1, nodes)) B a node, store's cache in it")
        store.close()
        return registry
    }

    private func status(of registry: Registry) {
        var calls = Calls()
        var summary = registry.summary(at: start)
        for _ in 0..<20 { calls.time { summary = registry.summary(at: start) } }
        report("status", "\(calls) with \(summary.sites.count) sites, \(summary.findingCount) findings")
    }

    // MARK: operators

    private func pages(of registry: Registry) throws {
        let questions: [(String, NodeQuery)] = [
            ("all", NodeQuery()), ("all, last page first", NodeQuery(descending: true)),
            ("state reachable", NodeQuery(reachability: .reachable)), ("state left", NodeQuery(reachability: .left)),
            ("role master target", NodeQuery(role: .masterTarget)), ("site", NodeQuery(site: "site-7")),
            ("health unknown", NodeQuery(health: .unknown)), ("text, one fits", NodeQuery(text: "-0000777.")),
            ("text, all fit", NodeQuery(text: "web")), ("text, an address", NodeQuery(text: "10.1.2.3")),
            ("by last seen", NodeQuery(order: .lastSeen)), ("by site", NodeQuery(order: .site)),
            ("by role", NodeQuery(order: .role, descending: true)), ("by health", NodeQuery(order: .health)),
            ("by health, text", NodeQuery(text: "web", order: .health)),
        ]
        for (name, query) in questions {
            let watch = Stopwatch()
            var slices = Calls()
            var scan = NodePageScan?.none
            slices.time { scan = try? registry.beginPage(query) }
            guard var scan else { continue }
            var page: NodePage?
            while page == nil { slices.time { page = registry.advance(&scan) } }
            report(
                "page: \(name)",
                "\(watch.milliseconds) ms in \(slices.count) slices, worst \(slices.worst) ms; "
                    + "\(page?.nodes.count ?? 0) of \(page?.total ?? 0), \(scan.nodesLookedAt) nodes looked at")
        }
    }

    private func lookUps(in registry: Registry) {
        for name in [Fleet.hostname(nodes / 2), "web-", "c0ffee", "nobody"] {
            var calls = Calls()
            for _ in 0..<20 { calls.time { _ = registry.lookUp(name) } }
            report("look up \(name)", "\(calls)")
        }
    }

    private func errorPages(of registry: Registry) {
        var (calls, filtered) = (Calls(), Calls())
        var query = FindingQuery()
        for _ in 0..<20 {
            calls.time {
                let page = try? registry.findings(query)
                query.pageToken = page?.nextPageToken ?? ""
            }
            filtered.time { _ = try? registry.findings(FindingQuery(codes: [.noContact])) }
        }
        report("page of errors", "\(calls)")
        report("page of errors of one code", "\(filtered)")
    }

    // MARK: heartbeats

    /// Every node beats once a minute, for two minutes: a loop's clocks, its ticks, the hand-over each second, the saves.
    private func heartbeats(_ registry: inout Registry) throws {
        var liveness = Liveness()
        var slots: [LivenessSlot] = []
        slots.reserveCapacity(nodes)
        var (admissions, registrations) = (Calls(), Calls())
        for number in 0..<nodes {
            admissions.time {
                slots.append(liveness.admit(Fleet.session(number), interval: .seconds(60), at: start))
            }
            registrations.time { _ = registry.register(Fleet.registration(number), at: start) }
        }
        report("loop takes a session in", "\(admissions)")
        report("known node registers again", "\(registrations)")
        let path = "\(directory)/heartbeats.sqlite"
        try? FileManager.default.removeItem(atPath: path)
        let queue = CommitQueue(store: try SQLiteStore(path: path, fleet: "core-scale"))
        defer { queue.close() }

        var (ticks, drains, hears, saves, judging) = (Calls(), Calls(), Calls(), Calls(), Calls())
        var news: [LivenessNews] = []
        var batch: [(SessionID, Instant)] = []
        var beaten = 0
        let watch = Stopwatch()
        var beating = Calls()
        for tenth in 1...1_200 {
            let now = start + .milliseconds(100 * tenth)
            beating.time {
                for _ in 0..<(nodes / 600) {
                    let slot = slots[beaten % nodes]
                    _ = liveness.heartbeat(
                        slot, sequence: UInt64(beaten / nodes + 1), bootTag: 0, sentUnixMilliseconds: 0, at: now)
                    beaten += 1
                }
            }
            var isBehind = true
            while isBehind { ticks.time { isBehind = liveness.tick(at: now, into: &news) } }
            judging.time { _ = registry.tick(at: now) }
            if tenth.isMultiple(of: 10) {
                drains.time { liveness.drainTouched(into: &batch) }
                var rest = batch[...]
                while !rest.isEmpty {
                    let part = Array(rest.prefix(RegistryLimits.savedPerSliceMax))
                    hears.time { registry.lastHeard(part) }
                    rest = rest.dropFirst(part.count)
                }
                batch.removeAll(keepingCapacity: true)
            }
            if tenth.isMultiple(of: 300) {
                var taken = 0
                repeat {
                    saves.time {
                        let times = registry.takeLastSeenBatch(limit: RegistryLimits.savedPerSliceMax)
                        queue.noteLastSeen(times)
                        taken = times.count
                    }
                } while taken == RegistryLimits.savedPerSliceMax
            }
        }
        let microseconds = watch.processorMilliseconds * 1_000 / Double(beaten)
        report(
            "heartbeats in the core",
            "\(beaten) in \(watch.milliseconds) ms: \(rounded(microseconds)) µs each, all included; "
                + "at \(nodes) a minute \(rounded(microseconds * Double(nodes) / 60 / 10_000)) % of a core")
        report("  beats of 100 ms", "\(beating)")
        report("  loop's tick", "\(ticks)")
        report("  hand-over, loop's side", "\(drains)")
        report("  hand-over, registry's side", "\(hears)")
        report("  registry's tick", "\(judging)")
        report("  save slice", "\(saves)")
        report("  news meanwhile", "\(news.count) sessions called silent")
    }

    /// A tenth of the fleet, but no more than 100,000, loses its connections at once.
    private func lossOfMany(_ registry: inout Registry) {
        let lost = min(100_000, nodes / 10)
        let at = start + .seconds(130)
        // The deadlines of the start, when everybody was awaited, are looked at once.
        var before = Calls()
        while let next = registry.nextDeadline, next <= at { before.time { _ = registry.tick(at: at) } }
        report("deadlines of the start", "\(before)")
        var (losses, verdicts) = (Calls(), Calls())
        for number in 0..<lost {
            losses.time { _ = registry.connectionLost(Fleet.session(number), .reset, at: at) }
        }
        report("connection lost", "\(losses)")
        let due = at + settings.unreachableAfter
        let watch = Stopwatch()
        while let next = registry.nextDeadline, next <= due { verdicts.time { _ = registry.tick(at: due) } }
        report("\(lost) nodes judged", "\(watch.milliseconds) ms in slices: \(verdicts)")
    }

    /// One node of many falls silent: how long until it is called suspect and unreachable, in the fleet's time, and how
    /// long the calls took that found it, in ours.
    private func detection(among count: Int) {
        var liveness = Liveness()
        let slots = (0..<count).map { liveness.admit(Fleet.session($0), interval: .seconds(60), at: start) }
        var registry = Registry(settings: settings, at: start)
        for number in 0..<count { _ = registry.register(Fleet.registration(number), at: start) }
        let silent = count / 2
        var (suspectAt, lostAt) = (Instant?.none, Instant?.none)
        var calls = Calls()
        var news: [LivenessNews] = []
        var now = start
        while lostAt == nil {
            now = now + .milliseconds(100)
            if (now - start).inMilliseconds.isMultiple(of: 30_000) {
                for number in 0..<count where number != silent { _ = liveness.heard(slots[number], at: now) }
            }
            var isBehind = true
            while isBehind { calls.time { isBehind = liveness.tick(at: now, into: &news) } }
            calls.time {
                for case .silent(let session, let since) in news { _ = registry.silent(session, since: since, at: now) }
                news.removeAll()
                _ = registry.tick(at: now)
            }
            let state = registry.node(Fleet.id(silent))?.reachability
            if state == .suspect, suspectAt == nil { suspectAt = now }
            if state == .unreachable { lostAt = now }
        }
        report(
            "a death among \(count)",
            "suspect after \(suspectAt.map { ($0 - start).inMilliseconds } ?? 0) ms, unreachable after "
                + "\(lostAt.map { ($0 - start).inMilliseconds } ?? 0) ms of the fleet's time; a look takes \(calls)")
    }
}
