import ErrorCatalogue
import Testing

@testable import Registry

@Suite("The order of findings")
struct FindingOrderTests {
    private func finding(_ id: UInt64, _ code: ErrorCode, _ severity: Severity, hits: Int, raised: Int64) -> Finding {
        Finding(
            id: id, code: code, severity: severity, subject: .site("s\(id)"), subjectName: "s", site: "s", title: "t",
            raisedAt: Instant(unixMilliseconds: raised), updatedAt: Instant(unixMilliseconds: raised), evidence: [],
            likelyCause: "c", remedy: [], memberCount: hits)
    }

    @Test("is kept through insertions and removals, and read from any place")
    func keepsOrder() {
        var order = FindingOrder()
        var ranks: [FindingRank] = []
        // 1,009 is a prime: a walk through all numbers in no order.
        for step in 0..<1_009 as Range<UInt64> {
            let number = step * 577 % 1_009
            let rank = FindingRank(
                finding(
                    number, .clockSkew, number.isMultiple(of: 3) ? .critical : .warning, hits: Int(number % 7),
                    raised: Int64(number % 11)))
            ranks.append(rank)
            order.insert(rank)
        }
        for rank in ranks where rank.id.isMultiple(of: 4) { order.remove(rank) }
        order.remove(FindingRank(finding(5_000, .clockSkew, .critical, hits: 1, raised: 1)))
        let expected = ranks.filter { !$0.id.isMultiple(of: 4) }.sorted().map(\.id)
        var found: [UInt64] = []
        order.forEach { rank in
            found.append(rank.id)
            return true
        }
        #expect(found == expected)
        #expect(order.count == expected.count)
        for place in [0, 1, 255, 256, 500, expected.count - 1] {
            guard let after = ranks.first(where: { $0.id == expected[place] }) else { continue }
            var rest: [UInt64] = []
            order.forEach(after: after) { rank in
                rest.append(rank.id)
                return rest.count < 3
            }
            #expect(rest == Array(expected[(place + 1)...].prefix(3)))
        }
    }

    @Test("of severity, hits and age is the same as it was in a token")
    func tokens() throws {
        let rank = FindingRank(finding(7, .noContact, .critical, hits: 12, raised: 99))
        let back = try FindingRank(token: rank.token.text)
        #expect(back == rank)
        #expect(throws: InvalidPageToken.self) { _ = try FindingRank(token: "1.2.3") }
    }
}
