import Foundation
import TestSupport
import Testing

/// What the heartbeat's path costs, in instructions and allocations: both are the same on a busy machine.
@Suite("Counts")
struct CountsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").path
    private static let hasTools = ["python3", "valgrind", "swiftc"].allSatisfy { name in
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs `Benchmarks/micro.py`; a compiler on a loaded machine may take a minute.
    private static func micro(_ words: String...) throws -> RollcallBinary.Outcome {
        try RunningProcess("/usr/bin/env", ["python3", "-B", root + "/Benchmarks/micro.py"] + words)
            .waitForEnd(limit: .seconds(600))
    }

    @Test(
        "of the heartbeat's path are those kept, within 10 %, and it allocates nothing",
        .enabled(if: hasTools, "python3, valgrind or swiftc is not installed"))
    func path() throws {
        let products = URL(filePath: RollcallBinary.path).deletingLastPathComponent().path
        let outcome = try Self.micro("check", products)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
        #expect(outcome.output.contains("frame to answer"))
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var instructions: Double
        var allocations: Double
        /// What the fault says; nil: there is none.
        var fault: String?
    }

    static let changes = [
        Change(testDescription: "the same", instructions: 100, allocations: 0, fault: nil),
        Change(testDescription: "a tenth more instructions", instructions: 110, allocations: 0, fault: nil),
        Change(testDescription: "more than that", instructions: 110.5, allocations: 0, fault: "110.5 instructions"),
        Change(testDescription: "fewer", instructions: 50, allocations: 0, fault: nil),
        Change(
            testDescription: "an allocation each thousand times", instructions: 100, allocations: 0.001,
            fault: "0.001 allocations"),
    ]

    @Test("that grow are found", .enabled(if: hasTools, "python3 is not installed"), arguments: changes)
    func comparison(_ change: Change) throws {
        let directory = try TestDirectory()
        func file(_ name: String, _ instructions: Double, _ allocations: Double) throws -> String {
            let text = #"{"frame to answer": {"instructions": \#(instructions), "allocations": \#(allocations)}}"#
            try text.write(toFile: directory.path(name), atomically: true, encoding: .utf8)
            return directory.path(name)
        }
        let outcome = try Self.micro(
            "compare", file("now", change.instructions, change.allocations), file("kept", 100, 0))
        #expect(outcome.status == (change.fault == nil ? 0 : 1), "\(outcome)")
        if let fault = change.fault {
            #expect(outcome.output.contains(fault), "\(outcome)")
        } else {
            #expect(outcome.output.isEmpty, "\(outcome)")
        }
    }
}
