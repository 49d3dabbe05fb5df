import Dashboard
import ErrorCatalogue
import Foundation

/// Standard output as people read it: as wide and as colourful as the terminal on it allows, plain and uncut in a pipe.
struct TextOutput: Sendable {
    let palette: Palette

    /// The output of this process.
    static let standard = TextOutput(
        palette: .fitting(isTerminal: Terminal.isTerminal(), environment: ProcessInfo.processInfo.environment))

    /// The reader's time zone, from `TZ` or the system.
    static let zone: LocalZone = {
        let zone = TimeZone.current
        return LocalZone { zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval($0))) }
    }()

    /// The reader's own clock.
    static var clock: WallTime { WallTime(unixMilliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    /// What views draw on. `COLUMNS` in the environment counts where there is no terminal, so that a report can be cut to
    /// a page.
    /// - Parameters:
    ///   - now: the server's clock if it is known; nil: the reader's own.
    ///   - isWholeScreen: a live view must also fit the terminal's height.
    ///   - language: what the reader asked for; nil: what the locale says.
    /// - Returns: the canvas.
    static func canvas(now: WallTime? = nil, isWholeScreen: Bool = false, language: Language? = nil) -> Canvas {
        let size = Terminal.size()
        let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return Canvas(
            width: size?.columns ?? columns, height: isWholeScreen ? size?.rows : nil, now: now ?? clock, zone: zone,
            language: language ?? Self.language(in: ProcessInfo.processInfo.environment))
    }

    /// The locale's language where it is spoken here, else English. `LC_ALL` goes before `LC_MESSAGES` before `LANG`
    /// (POSIX, Environment Variables).
    static func language(in environment: [String: String]) -> Language {
        let tag = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return tag.flatMap { Language(tag: $0) } ?? .english
    }

    /// Prints lines.
    /// - Throws: `CommandFailure` if they cannot be written.
    func show(_ lines: [Line], on canvas: Canvas) throws {
        try Self.write(canvas.render(lines, in: palette).map { $0 + "\n" }.joined())
    }

    /// Writes to standard output. Where nobody reads any more (`| head`), the process ends at once and in silence: there
    /// is nobody to tell.
    /// - Throws: `CommandFailure` if it cannot be written, for example on a full disk.
    static func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) { exit(0) }
            throw CommandFailure("standard output cannot be written: \(cause.localizedDescription)")
        }
    }
}
