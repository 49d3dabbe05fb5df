internal import AgentClient

/// Chance for one purpose: seed, purpose and place mixed into a generator, so that one more draw here changes nothing
/// there.
struct Chance: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64, _ places: UInt64...) {
        var mixed = seed
        for place in places {
            var step = SeededGenerator(seed: mixed ^ place &* 0xD6E8_FEB8_6659_FD93)
            mixed = step.next()
        }
        generator = SeededGenerator(seed: mixed)
    }

    mutating func next() -> UInt64 { generator.next() }
}
