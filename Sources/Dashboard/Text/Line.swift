/// A line of output: pieces of text with their inks. Every piece is made printable on its way in, so that no text from
/// outside can reach a terminal as a command, whatever view it passes through.
public struct Line: Hashable, Sendable, ExpressibleByStringInterpolation {
    private var runs: [Run] = []

    private struct Run: Hashable, Sendable {
        var text: String
        var ink: Ink
    }

    /// An empty line.
    public init() {}

    /// A line of one piece.
    public init(_ text: String, _ ink: Ink = .plain) {
        append(text, ink)
    }

    /// A line in plain ink.
    public init(stringLiteral value: String) {
        append(value)
    }

    /// Adds a piece.
    public mutating func append(_ text: String, _ ink: Ink = .plain) {
        if !text.isEmpty { runs.append(Run(text: text.printable, ink: ink)) }
    }

    /// Adds a piece that takes `width` columns at least, filled up with spaces.
    public mutating func append(_ text: String, _ ink: Ink = .plain, padding side: Side, to width: Int) {
        let spaces = String(repeating: " ", count: max(0, width - text.printable.displayWidth))
        if side == .left { append(spaces) }
        append(text, ink)
        if side == .right { append(spaces) }
    }

    /// Which side of a text spaces are added on.
    public enum Side: Sendable { case left, right }

    /// Columns it takes.
    public var width: Int { runs.reduce(0) { $0 + $1.text.displayWidth } }

    /// The text alone.
    public var text: String { runs.map(\.text).joined() }

    /// The line cut to `width` columns, with `…` at its end if something is left out.
    public func cut(to width: Int) -> Line {
        let whole = withoutSpacesAtEnd
        guard whole.width > width else { return whole }
        var result = Line()
        var room = width
        for (index, run) in whole.runs.enumerated() {
            // A piece that fits exactly may stay whole only if nothing follows it: else the mark needs its column.
            let isLast = index == whole.runs.count - 1
            let used = run.text.displayWidth
            guard used < room || (isLast && used == room) else {
                result.append((run.text + (isLast ? "" : " ")).cut(to: room), run.ink)
                break
            }
            result.runs.append(run)
            room -= used
        }
        return result
    }

    /// The line for an output: coloured as `palette` has it, without spaces at its end.
    public func rendered(in palette: Palette) -> String {
        withoutSpacesAtEnd.runs.map { palette.paint($0.text, $0.ink) }.joined()
    }

    private var withoutSpacesAtEnd: Line {
        var result = self
        while let last = result.runs.popLast() {
            guard let end = last.text.lastIndex(where: { $0 != " " }) else { continue }
            result.runs.append(Run(text: String(last.text[...end]), ink: last.ink))
            break
        }
        return result
    }

    /// One line after the other, on one line.
    public static func + (left: Line, right: Line) -> Line {
        var result = left
        result.runs += right.runs
        return result
    }
}
