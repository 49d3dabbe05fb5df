import RollcallProtocol
import Testing

@Suite("Durations in text")
struct DurationTextTests {
    @Test(
        "reads a whole number and a unit",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("15m", .seconds(900)),
            ("2h", .seconds(7200)),
            ("7d", .seconds(604_800)), ("0s", .zero), ("007s", .seconds(7)), ("36600d", .seconds(36_600 * 86_400)),
        ])
    func reads(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "refuses everything else",
        arguments: [
            "", "30", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1m30s", "1w", "36601d",
            "99999999999999999999s",
            "9223372036854775807d", "٣s",
        ])
    func refuses(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "prints the largest unit that says it whole",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(500), "500ms"), (.milliseconds(1500), "1500ms"),
            (.seconds(90), "90s"),
            (.seconds(120), "2m"), (.seconds(7200), "2h"), (.seconds(86_400), "1d"), (.microseconds(1), "0s"),
        ])
    func prints(duration: Duration, text: String) {
        #expect(duration.text == text)
        if duration >= .milliseconds(1) { #expect(Duration(text: text) == duration) }
    }
}
