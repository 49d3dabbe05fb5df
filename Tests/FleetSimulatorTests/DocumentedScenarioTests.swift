import Foundation
import Registry
import Testing

@testable import FleetSimulator

@Suite("The documented scenarios")
struct DocumentedScenarioTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/scenarios").standardized.path

    private static let names: [String] = {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    private struct Run {
        var scenario: Scenario
        var report: RehearsalReport
    }

    /// All of them, each rehearsed once, whoever asks; side by side.
    private static let runs: [String: Task<Run, any Error>] = Dictionary(
        uniqueKeysWithValues: names.map { name in
            let run = Task.detached {
                let scenario = try ScenarioFile.read(folder + "/" + name)
                let fleet = SimulatedFleet(scenario.fleet ?? .usual)
                return Run(scenario: scenario, report: try Rehearsal.run(scenario, over: fleet, file: name))
            }
            return (name, run)
        })

    @Test("ends as it says", arguments: Self.names)
    func scenario(name: String) async throws {
        let report = try #require(try await Self.runs[name]?.value.report)
        #expect(report.violations == [])
        #expect(report.check?.faults ?? [] == [])
    }

    @Test func `every row of the decision table has one, and the page shows how right the diagnosis was`() async throws
    {
        var table = AccuracyTable()
        #expect(Self.names.count > 90)
        for name in Self.names {
            guard let run = try await Self.runs[name]?.value else { continue }
            table.add(run.report, of: run.scenario, named: name)
        }
        #expect(table.rowsNotReached == [], "add a scenario for each to docs/scenarios/rows")
        let page = try String(contentsOfFile: Self.folder + "/../diagnosis.md", encoding: .utf8)
        for sum in table.markdown where sum.first?.isNumber ?? false {
            #expect(page.contains(sum), "make diagnosis writes docs/diagnosis.md anew")
        }
    }

    @Test func `every mixture says what is to be done first`() async throws {
        for name in Self.names where name.hasPrefix("mixtures/") {
            let expectations = try await Self.runs[name]?.value.scenario.expectations ?? []
            for expectation in expectations {
                #expect(!expectation.remedy.isEmpty, "\(name):\(expectation.line): give its error a 'remedy'")
            }
        }
    }

    @Test func `each row's scenario is named after it, and that row decides in it`() async throws {
        for row in DecisionTable.rows.map(\.name) {
            let report = try #require(try await Self.runs["rows/\(row).yaml"]?.value.report, "rows/\(row).yaml")
            #expect(report.rows.contains(row), "rows/\(row).yaml")
        }
    }
}
