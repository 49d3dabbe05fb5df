import Testing

@testable import AgentClient

@Suite("Back-off")
struct BackoffTests {
    @Test func `doubles, and stays between half of the limit and the limit`() {
        var chance = SeededGenerator(seed: 7)
        var backoff = Backoff(first: .seconds(1), longest: .seconds(60))
        for limit in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            let delay = backoff.next(using: &chance)
            #expect(delay >= .seconds(limit) / 2 && delay <= .seconds(limit))
        }
    }

    @Test func `agents at the limit are spread over half of it, not bunched at its end`() {
        var below = 0
        for seed in 0..<1000 {
            var chance = SeededGenerator(seed: UInt64(seed))
            var backoff = Backoff(first: .seconds(60), longest: .seconds(60))
            if backoff.next(using: &chance) < .seconds(45) { below += 1 }
        }
        #expect((420...580).contains(below))
    }

    @Test func `the same seed gives the same delays`() {
        func delays(_ seed: UInt64) -> [Duration] {
            var chance = SeededGenerator(seed: seed)
            var backoff = Backoff()
            return (0..<20).map { _ in backoff.next(using: &chance) }
        }
        #expect(delays(3) == delays(3))
        #expect(delays(3) != delays(4))
    }

    @Test func `begins anew after a success, and survives any number of failures`() {
        var chance = SeededGenerator(seed: 1)
        var backoff = Backoff(first: .seconds(1), longest: .seconds(60))
        for _ in 0..<100_000 { #expect(backoff.next(using: &chance) <= .seconds(60)) }
        backoff.reset()
        #expect(backoff.next(using: &chance) <= .seconds(1))
    }
}
