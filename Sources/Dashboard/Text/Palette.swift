/// What a piece of text means, from which its colour follows.
public enum Ink: Hashable, Sendable, CaseIterable {
    /// Nothing special.
    case plain
    /// What the line is about.
    case strong
    /// Labels, headings, what is old.
    case faint
    /// All is well.
    case good
    /// Needs attention.
    case caution
    /// Broken.
    case bad
}

/// Turns inks into a terminal's colours, or leaves text plain.
public struct Palette: Hashable, Sendable {
    private let isColoured: Bool

    /// Text without any escape sequence.
    public static let plain = Palette(isColoured: false)
    /// The sixteen colours that every terminal has, so that the reader's own scheme is kept.
    public static let coloured = Palette(isColoured: true)

    /// The palette for an output: plain if it is no terminal, if `NO_COLOR` holds anything (no-color.org), or if
    /// `TERM` says that the terminal is dumb.
    public static func fitting(isTerminal: Bool, environment: [String: String]) -> Palette {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isTerminal && !isUnwanted && environment["TERM"] != "dumb" ? .coloured : .plain
    }

    /// `text` in the colour of `ink`.
    public func paint(_ text: String, _ ink: Ink) -> String {
        guard isColoured, !text.isEmpty, let code = ink.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

extension Ink {
    /// Parameters of ECMA-48's SGR sequence.
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .caution: "33"
        case .bad: "1;31"
        }
    }
}
