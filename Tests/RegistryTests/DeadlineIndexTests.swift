import Registry
import TestSupport
import Testing

@Suite("Deadline index")
struct DeadlineIndexTests {
    @Test("entries come up in order, when they are due and not before")
    func order() {
        var index = DeadlineIndex()
        #expect(index.nextDeadline == nil)
        index.hang(2, noLaterThan: t0 + .seconds(20))
        index.hang(1, noLaterThan: t0 + .seconds(10))
        #expect(index.nextDeadline == t0 + .seconds(10))
        #expect(index.popDue(at: t0 + .milliseconds(9_999)) == nil)
        #expect(index.popDue(at: t0 + .seconds(10)) == 1)
        #expect(index.popDue(at: t0 + .seconds(10)) == nil)
        #expect(index.popDue(at: t0 + .seconds(60)) == 2)
        #expect(index.popDue(at: t0 + .seconds(60)) == nil)
    }

    @Test("a later deadline leaves an entry where it hangs, an earlier one moves it, and it comes up once")
    func moves() {
        var index = DeadlineIndex()
        index.hang(7, noLaterThan: t0 + .seconds(30))
        index.hang(7, noLaterThan: t0 + .seconds(90))
        #expect(index.deadline(of: 7) == t0 + .seconds(30))
        index.hang(7, noLaterThan: t0 + .seconds(5))
        #expect(index.popDue(at: t0 + .seconds(5)) == 7)
        #expect(index.popDue(at: t0 + .seconds(100)) == nil)
        #expect(index.deadline(of: 7) == nil)
        index.hang(7, noLaterThan: t0 + .seconds(120))
        #expect(index.popDue(at: t0 + .seconds(120)) == 7)
    }

    @Test("a deadline at the end of time never comes")
    func endOfTime() {
        var index = DeadlineIndex()
        index.hang(0, noLaterThan: Instant(nanoseconds: .max))
        #expect(index.nextDeadline == nil)
    }

    @Test("agrees with a plain table over thousands of random steps", arguments: [UInt64(1), 2, 3])
    func agreesWithPlainTable(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var index = DeadlineIndex()
        var plain: [Int32: Int64] = [:]
        var now = t0
        for _ in 0..<5_000 {
            now = now + .milliseconds(generator.below(50))
            if generator.chance(percent: 70) {
                let entry = Int32(generator.below(40))
                let deadline = now + .milliseconds(generator.below(2_000))
                index.hang(entry, noLaterThan: deadline)
                plain[entry] = min(plain[entry] ?? .max, deadline.nanoseconds)
            } else {
                let due = plain.filter { $0.value <= now.nanoseconds }.min { ($0.value, $0.key) < ($1.value, $1.key) }
                #expect(index.popDue(at: now) == due?.key, "seed \(seed)")
                if let due { plain[due.key] = nil }
            }
        }
    }
}
