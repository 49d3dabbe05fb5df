import RollcallProtocol
import Testing

@testable import Dashboard

@Suite("Phrases")
struct PhrasesTests {
    @Test(
        "lengths are what a person would say",
        arguments: [
            (-5, "0 s"), (0, "0 s"), (12, "12 s"), (59, "59 s"), (60, "1 min"), (843, "14 min"), (3600, "1 h"),
            (3600 * 3 + 720, "3 h 12 min"), (86_399, "23 h 59 min"), (86_400, "1 day"),
            (86_400 * 2 + 3600, "2 days 1 h"),
            (86_400 * 3 + 3600, "3 days"), (86_400 * 400, "400 days"),
        ] as [(Int64, String)])
    func lengths(seconds: Int64, text: String) {
        #expect(Phrases.length(.seconds(seconds)) == text)
    }

    @Test("a little ahead of now is now, more is said")
    func ahead() {
        #expect(Phrases.ago(now.advanced(by: .milliseconds(-400)), on: canvas()) == "just now")
        #expect(Phrases.ago(now.advanced(by: .milliseconds(1900)), on: canvas()) == "just now")
        #expect(Phrases.ago(now.advanced(by: .seconds(5)), on: canvas()) == "in 5 s")
        #expect(Phrases.ago(now.advanced(by: .seconds(-240)), on: canvas()) == "4 min ago")
        #expect(Phrases.ago(field: 0, on: canvas()) == "never")
    }

    @Test("a clock shows the date only where the day is another one for the reader")
    func clock() {
        #expect(Phrases.clock(WallTime(unixMilliseconds: secondsAgo(250)), on: canvas()) == "14:02:11")
        #expect(Phrases.clock(WallTime(unixMilliseconds: minutesAgo(60 * 15)), on: canvas()) == "24 Nov 23:06:21")
        #expect(
            Phrases.clock(WallTime(unixMilliseconds: minutesAgo(60 * 24 * 400)), on: canvas()) == "21 Oct 2025 14:06:21"
        )
        var taipei = canvas()
        taipei.zone = LocalZone { _ in 8 * 3600 }
        #expect(Phrases.clock(WallTime(unixMilliseconds: secondsAgo(250)), on: taipei) == "22:02:11")
        // 23:06:21 UTC the day before is 07:06:21 of the same day in Taipei.
        #expect(Phrases.clock(WallTime(unixMilliseconds: minutesAgo(60 * 15)), on: taipei) == "07:06:21")
    }

    @Test("numbers are grouped, nouns agree with them")
    func numbers() {
        #expect(Phrases.count(1, "node") == "1 node")
        #expect(Phrases.count(1_234_567, "node") == "1,234,567 nodes")
        #expect(Phrases.count(0, "node") == "0 nodes")
        #expect(Phrases.grouped(999) == "999")
        #expect(Phrases.grouped(.max) == "18,446,744,073,709,551,615")
    }

    @Test("sizes are in binary units")
    func sizes() {
        #expect(Phrases.size(bytes: 512) == "512 B")
        #expect(Phrases.size(bytes: 1536) == "1.5 KiB")
        #expect(Phrases.size(bytes: .max) == "16.0 EiB")
        #expect(Phrases.tenths(.nan) == "?")
        #expect(Phrases.tenths(-0.01) == "0.0")
    }
}

@Suite("WallTime")
struct WallTimeTests {
    @Test(
        "RFC 3339 is right at the edges of the calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_795_615_581_123, "2026-11-25T14:06:21.123Z"), (.max, "9999-12-31T23:59:59.999Z"),
            (.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(WallTime(unixMilliseconds: milliseconds).rfc3339 == text)
    }
}

@Suite("Text on a terminal")
struct TerminalTextTests {
    @Test(
        "widths are those of a terminal",
        arguments: [
            ("", 0), ("web-03", 6), ("高雄", 4), ("ｗｅｂ", 6), ("e\u{301}", 1), ("한글", 4), ("🚀", 2), ("❤\u{FE0F}", 2),
            ("·…–", 3),
        ])
    func widths(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test("cutting marks the cut and never exceeds the width, ideographs included")
    func cutting() {
        #expect("web-03".cut(to: 6) == "web-03")
        #expect("web-03".cut(to: 5) == "web-…")
        #expect("資料庫".cut(to: 5) == "資料…")
        #expect("資料庫".cut(to: 4) == "資…")
        #expect("資料庫".cut(to: 1) == "…")
        #expect("web".cut(to: 0).isEmpty)
    }

    @Test("a line is cut over its pieces, and spaces at its end are no loss")
    func cuttingLines() {
        let line = Line("ab", .bad) + Line("cd") + Line("  ")
        #expect(line.cut(to: 4).text == "abcd")
        #expect(line.cut(to: 3).text == "ab…")
        #expect(line.cut(to: 2).text == "a…")
        #expect(line.cut(to: 1).text == "…")
        for width in 0...6 { #expect(line.cut(to: width).width <= width) }
    }

    @Test("text breaks at spaces, long words and ideographs anywhere")
    func wrapping() {
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
        #expect("abcdefgh ij".wrapped(to: 5) == ["abcde", "fgh", "ij"])
        #expect("ab cdefghi".wrapped(to: 4) == ["ab", "cdef", "ghi"])
        #expect("請看 VPN 或路由器".wrapped(to: 8) == ["請看 VPN", "或路由器"])
        #expect("（回應），中斷。".wrapped(to: 6) == ["（回", "應），", "中斷。"])
        #expect("高".wrapped(to: 1) == ["高"])
        #expect("組態伺服器沒有回應".wrapped(to: 6) == ["組態伺", "服器沒", "有回應"])
        #expect("one two".wrapped(to: nil) == ["one two"])
        #expect("".wrapped(to: 5) == [""])
    }

    @Test("colour is for terminals whose owner wants it")
    func palettes() {
        #expect(Palette.fitting(isTerminal: true, environment: [:]) == .coloured)
        #expect(Palette.fitting(isTerminal: true, environment: ["NO_COLOR": "1"]) == .plain)
        #expect(Palette.fitting(isTerminal: true, environment: ["NO_COLOR": ""]) == .coloured)
        #expect(Palette.fitting(isTerminal: true, environment: ["TERM": "dumb"]) == .plain)
        #expect(Palette.fitting(isTerminal: false, environment: [:]) == .plain)
        #expect(Line("x", .bad).rendered(in: .coloured) == "\u{1B}[1;31mx\u{1B}[0m")
        for ink in Ink.allCases { #expect(Palette.plain.paint("x", ink) == "x") }
    }

    @Test("a table gives way in order: short forms, narrow columns, fewer columns")
    func tableGivesWay() {
        var table = Table([
            .init("name", minimum: 4), .init("role", minimum: 2), .init("extra", minimum: 5, dropRank: 1),
        ])
        table.add([.init("web-03-long"), .init("mobility agent", short: "MA"), .init("10.20.0.13")])
        func row(_ width: Int?) -> String { table.lines(width: width).last?.rendered(in: .plain) ?? "" }
        #expect(row(nil) == "web-03-long  mobility agent  10.20.0.13")
        #expect(row(38) == "web-03-long  MA    10.20.0.13")
        #expect(row(24) == "web-03-…  MA    10.20.0…")
        #expect(row(16) == "web…  MA   10.2…")
        #expect(row(11) == "web-…  MA")
        #expect(row(4) == "…  …")
    }
}
