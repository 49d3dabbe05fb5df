import Dashboard
import RollcallProtocol
import Synchronization
import TestSupport
import Testing

@Suite("LivePicture")
struct LivePictureTests {
    private let golden = Golden()

    private func canvas(at time: WallTime, height: Int? = nil) -> Canvas {
        Canvas(width: 80, height: height, now: time, zone: .utc)
    }

    @Test("ages go on by the server's clock between answers, whatever the reader's own shows")
    func agesGoOn() {
        var picture = LivePicture(of: "cs-01", every: .seconds(2))
        let wrong = WallTime(unixMilliseconds: 0).advanced(by: .seconds(3600))
        picture.answered(.troubled, at: wrong)
        func age(_ later: Duration) -> String? {
            picture.lines(on: canvas(at: wrong.advanced(by: later))).first { $0.text.contains("95226b  web-03") }?.text
        }
        #expect(age(.zero)?.contains("4 min, since 14:02:11") == true)
        #expect(age(.seconds(60))?.contains("5 min, since 14:02:11") == true)
    }

    @Test("a note of whoever starts the view stands under its first line")
    func noteIsShown() {
        var picture = LivePicture(of: "cs-01", every: .seconds(2), note: "Try this")
        picture.answered(.troubled, at: WallTime(unixMilliseconds: 0))
        #expect(picture.lines(on: canvas(at: WallTime(unixMilliseconds: 0)))[1].text == "Try this")
    }

    @Test("a lost connection is shown as lost, since its first silence, above what was last known")
    func lossIsShown() throws {
        var picture = LivePicture(of: "/var/lib/rollcall/rollcall.sock", every: .seconds(2))
        picture.answered(.healthy, at: now)
        #expect(picture.health == .healthy)
        picture.lost("reset by peer", asked: now.advanced(by: .seconds(2)))
        picture.lost("connection refused", asked: now.advanced(by: .seconds(4)))
        #expect(picture.health == .unspecified)
        let text = plain(picture.lines(on: canvas(at: now.advanced(by: .seconds(14)))), width: 80)
        #expect(try golden.difference(of: text, from: "live-lost-80.txt") == nil)
        picture.answered(.healthy, at: now.advanced(by: .seconds(16)))
        #expect(!plain(picture.lines(on: canvas(at: now.advanced(by: .seconds(16))))).contains("LOST"))
    }

    @Test("a server that never answered is lost, with nothing below")
    func neverAnswered() {
        var picture = LivePicture(of: "cs-01", every: .seconds(2))
        picture.lost("no server listens", asked: now)
        let text = plain(picture.lines(on: canvas(at: now)))
        #expect(text.hasPrefix("LOST"))
        #expect(!text.contains("below"))
        #expect(picture.health == .unspecified)
    }

    @Test("the picture never has more lines than the terminal", arguments: [1, 2, 5, 10, 24, 60])
    func fitsTheTerminal(height: Int) {
        var picture = LivePicture(of: "cs-01", every: .seconds(2))
        picture.answered(.troubled, at: now)
        #expect(picture.lines(on: canvas(at: now, height: height)).count <= height)
    }
}

@Suite("LiveScreen")
struct LiveScreenTests {
    /// A terminal that remembers what was written to it.
    private final class Recorder: Sendable {
        let text = Mutex("")
        func take() -> String {
            text.withLock { text in
                defer { text = "" }
                return text
            }
        }
    }

    @Test("is entered once, drawn in place, and left once")
    func lifetime() {
        let recorder = Recorder()
        let screen = LiveScreen { text in recorder.text.withLock { $0 += text } }
        screen.show(["one", "two"])
        #expect(recorder.take() == "\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J\u{1B}[Hone\u{1B}[K\r\ntwo\u{1B}[K\u{1B}[J")
        screen.show(["three"])
        #expect(recorder.take() == "\u{1B}[Hthree\u{1B}[K\u{1B}[J")
        screen.end()
        #expect(recorder.take() == "\u{1B}[?25h\u{1B}[?1049lthree\n")
        screen.end()
        screen.leave()
        screen.show(["four"])
        #expect(recorder.take().isEmpty)
    }

    @Test("comes back after it was left for a while")
    func suspended() {
        let recorder = Recorder()
        let screen = LiveScreen { text in recorder.text.withLock { $0 += text } }
        screen.leave()
        #expect(recorder.take().isEmpty)
        screen.show(["one"])
        _ = recorder.take()
        screen.leave()
        #expect(recorder.take() == "\u{1B}[?25h\u{1B}[?1049l")
        screen.show(["two"])
        #expect(recorder.take().hasPrefix("\u{1B}[?1049h"))
    }
}
