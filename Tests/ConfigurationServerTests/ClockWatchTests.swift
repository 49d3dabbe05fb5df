import EventLoop
import Testing

@testable import ConfigurationServer

@Suite("A watch over the clocks")
struct ClockWatchTests {
    private struct Machine {
        var readings = ClockReadings(wall: 1_800_000_000_000_000_000, monotonic: 5_000_000_000, boot: 5_000_000_000)

        /// Time passes.
        mutating func run(_ time: Duration) {
            readings.wall += time.nanoseconds
            readings.monotonic += time.nanoseconds
            readings.boot += time.nanoseconds
        }
        mutating func nap(_ time: Duration) {
            readings.wall += time.nanoseconds
            readings.boot += time.nanoseconds
        }
        mutating func set(by step: Duration) { readings.wall += step.nanoseconds }
    }

    @Test("clocks that go alike are no finding, however long a look was missed")
    func nothing() {
        var (watch, machine) = (ClockWatch(), Machine())
        #expect(watch.look(at: machine.readings) == .init())
        for seconds in [1, 60, 86_400] {
            machine.run(.seconds(seconds))
            #expect(watch.look(at: machine.readings) == .init())
        }
    }

    @Test(
        "a step is found once, in its direction",
        arguments: [Duration.seconds(7_200), .seconds(-90), .milliseconds(128)])
    func step(by step: Duration) {
        var (watch, machine) = (ClockWatch(), Machine())
        _ = watch.look(at: machine.readings)
        machine.run(.seconds(1))
        machine.set(by: step)
        #expect(watch.look(at: machine.readings) == .init(slept: .zero, stepped: step))
        machine.run(.seconds(1))
        #expect(watch.look(at: machine.readings) == .init())
    }

    @Test("sleep is told from a step, and both at once apart")
    func napping() {
        var (watch, machine) = (ClockWatch(), Machine())
        _ = watch.look(at: machine.readings)
        machine.nap(.seconds(600))
        #expect(watch.look(at: machine.readings) == .init(slept: .seconds(600), stepped: .zero))
        machine.nap(.seconds(600))
        machine.set(by: .seconds(-5))
        #expect(watch.look(at: machine.readings) == .init(slept: .seconds(600), stepped: .seconds(-5)))
        #expect(watch.look(at: machine.readings) == .init())
    }

    @Test("what is too little for a finding adds up")
    func creeping() {
        var (watch, machine) = (ClockWatch(), Machine())
        _ = watch.look(at: machine.readings)
        var found: [ClockWatch.Finding] = []
        for _ in 0..<5 {
            machine.set(by: .milliseconds(30))
            let finding = watch.look(at: machine.readings)
            if finding != .init() { found.append(finding) }
        }
        #expect(found == [.init(slept: .zero, stepped: .milliseconds(120))])
    }

    @Test("the machine's own clocks can be read, and agree with the loops' one")
    func readings() throws {
        var readings = ClockReadings.now
        while readings == nil { readings = ClockReadings.now }
        let now = try #require(readings)
        #expect(now.boot >= now.monotonic)
        #expect(abs(Int64(EventLoop.monotonicNanoseconds) - now.monotonic) < 60_000_000_000)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }
}
