import Testing

@testable import ConnectivityProbe

@Suite("Probe words")
struct WordsTests {
    @Test(arguments: [
        (Duration.microseconds(180), "180 µs"), (.microseconds(4230), "4.2 ms"), (.milliseconds(350), "350 ms"),
        (.milliseconds(1440), "1.4 s"), (.seconds(725), "12 min 5 s"), (.seconds(3 * 3600 + 60), "3 h 1 min"),
        (.seconds(86_400 * 400), "400 days"), (.seconds(-61), "-1 min 1 s"), (.zero, "0 µs"),
    ])
    func `durations have the unit that suits them`(_ duration: Duration, _ words: String) {
        #expect(duration.inWords == words)
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_615_331_123, "2026-11-25T14:02:11.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (.max, "9999-12-31T23:59:59.999Z"),
    ])
    func `moments are RFC 3339 in UTC`(_ milliseconds: Int64, _ text: String) {
        #expect(UTCTime(milliseconds).description == text)
    }
}
