import Foundation
import GRDB

/// One start of a server on a registry.
public struct StoreRun: Equatable, Sendable {
    /// How often the registry was started, this time included.
    public var start: UInt64
    /// Random, for this run.
    public var run: UInt64
    /// The runs that the registry remembers, this one last; at most `SQLiteStore.runsMax`.
    public var runs: [UInt64]
}

extension SQLiteStore {
    /// Runs that a registry remembers: more than agents that were away can have missed.
    public static let runsMax = 64

    /// Counts a start and gives it a number of its own, in table `meta`. A registry that cannot be written counts all the
    /// same, and forgets it.
    public func beginRun() -> StoreRun {
        let run = UInt64.random(in: 1 ... .max)
        let known = (try? reader.read { try Self.meta($0) }) ?? [:]
        let start = (known["starts"].flatMap { UInt64($0) } ?? 0) + 1
        var runs = (known["runs"] ?? "").split(separator: ",").compactMap { UInt64($0, radix: 16) }
        runs.append(run)
        runs = runs.suffix(Self.runsMax)
        let text = runs.map { String($0, radix: 16) }.joined(separator: ",")
        try? writer.write { database in
            for (key, value) in ["starts": "\(start)", "runs": text] {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", arguments: [key, value])
            }
        }
        return StoreRun(start: start, run: run, runs: runs)
    }
}
