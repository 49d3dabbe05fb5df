import Foundation
import TestSupport
import Testing

@testable import ConnectivityProbe

@Suite("The laboratory of broken networks", .enabled(if: Laboratory.isPossible, "skipped: needs root, ip, nft and ss"))
struct LaboratoryTests {
    @Test("the verdict is right", arguments: Laboratory.rows)
    func row(_ row: LaboratoryRow) async throws {
        let missing = Laboratory.missing(row)
        guard missing.isEmpty else {
            print("skipped: \(row.testDescription) needs \(missing.joined(separator: ", "))")
            return
        }
        let finding = try #require(try await Laboratory.findings.value[row.testDescription])
        let right = ([row.verdict] + row.orElse).map { $0?.rawValue }
        #expect(right.contains(finding.symptom), "\(finding.output)\n\(finding.complaint)")
        #expect(row.verdict == nil ? finding.status == 0 : finding.status > 0)
        for words in row.saying {
            #expect(
                finding.details.contains { $0.contains(words) }, "nothing says “\(words)”:\n\(finding.output)")
        }
        // Among all other tests of this machine its time says nothing.
        if Laboratory.isComplete, !row.mayTakeLong {
            #expect(finding.duration < .seconds(10), "it took \(finding.duration)")
        }
        #expect(!finding.details.contains { $0.lowercased().contains("timeout") || $0.contains("timed out") })
    }
}
