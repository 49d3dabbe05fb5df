import Foundation
import TestSupport

/// A condition that did not come true, with the logs of those who should have made it so.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}

/// Waits until a condition holds. The limit is what a machine may need that does ten other things; only a broken test
/// reaches it.
/// - Throws: `NeverHappened`, which prints the ends of the logs.
func eventually(
    _ what: String, logs: [ChildProcess] = [], within limit: Duration = .seconds(60), _ condition: () throws -> Bool
) async throws {
    guard try await !poll(within: limit, condition) else { return }
    throw NeverHappened(description: "not within \(limit): \(what)\n" + logs.map(\.tail).joined(separator: "\n"))
}
