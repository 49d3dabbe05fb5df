import Dashboard
import Dispatch
import ErrorCatalogue
import Foundation
import RollcallProtocol

/// `rollcall status --watch`: asks in rounds until a signal ends it. On a terminal each round is drawn over the last
/// one; elsewhere it follows it, after an empty line; as JSON it is one line.
final class LiveStatus {
    private let server: ServerConnection
    private let interval: Duration
    private let isJSON: Bool
    private let language: Language?
    private var picture: LivePicture
    private let screen: LiveScreen?
    private let signals = SignalWatch()

    /// How long an answer may take: a server that is stopped or hung must be shown as lost while somebody looks.
    static func limit(for interval: Duration) -> Duration { min(max(interval * 5, .seconds(1)), .seconds(5)) }

    /// A view that has not begun.
    init(server: ServerConnection, interval: Duration, note: String?, isJSON: Bool, language: Language? = nil) {
        self.server = server
        self.interval = interval
        self.isJSON = isJSON
        self.language = language
        picture = LivePicture(of: "\(server.place)", every: interval, note: note)
        screen = Terminal.isTerminal() && !isJSON ? LiveScreen(write: Self.write) : nil
    }

    /// Goes on until a signal ends the process (with 0: it was asked to end).
    /// - Throws: `CommandFailure` if standard output cannot be written.
    func run() throws {
        let screen = screen
        // On its own thread, because this one waits: for answers, and between rounds.
        signals.start(
            onEnd: {
                screen?.end()
                exit(0)
            },
            onSuspend: { screen?.leave() })
        while true {
            let begun = ContinuousClock.now
            let asked = TextOutput.clock
            do {
                let status = try server.status()
                picture.answered(status, at: TextOutput.clock)
                if isJSON { try JSONOutput.stream(status.json) }
            } catch let failure as OperatorFailure {
                picture.lost("\(failure)", asked: asked)
                if isJSON { try JSONOutput.stream(.object([("health", "unknown"), ("lost", .string("\(failure)"))])) }
            }
            if !isJSON { try draw() }
            Thread.sleep(until: begun + interval)
        }
    }

    /// To the terminal; without one there is nothing left to do.
    private static func write(_ text: String) {
        do { try TextOutput.write(text) } catch { ExitStatus.leave(because: error) }
    }

    private func draw() throws {
        let canvas = TextOutput.canvas(isWholeScreen: screen != nil, language: language)
        let lines = picture.lines(on: canvas)
        if let screen {
            screen.show(canvas.render(lines, in: TextOutput.standard.palette))
        } else {
            try TextOutput.standard.show(lines + [Line()], on: canvas)
        }
    }
}

extension Thread {
    /// Waits until `deadline`; not at all if that is past.
    fileprivate static func sleep(until deadline: ContinuousClock.Instant) {
        let left = ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)
        if left > 0 { sleep(forTimeInterval: left / 1000) }
    }
}
