import Foundation
import Testing

@testable import ConnectivityProbe

@Suite("Probe page")
struct DocumentTests {
    @Test func `the page explains every check and every verdict`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/probe.md"), encoding: .utf8)
        for word in Symptom.allCases.map(\.rawValue) + CheckKind.allCases.map(\.rawValue) {
            #expect(page.contains("`\(word)`"), "docs/probe.md does not explain \(word)")
        }
    }
}
