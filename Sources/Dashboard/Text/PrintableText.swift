/// Text that agents and servers send is a stranger's text: a host name may hold an escape sequence that clears the
/// screen, moves the cursor or retitles the window, or marks that turn a line's direction around.
extension String {
    /// The text with everything that a terminal would obey, or a reader could not see, written out: `\n`, `\t`, `\x1b`,
    /// `\u{202e}`. A backslash stays as it is (Windows paths have many), so this is for eyes, not for reading back.
    public var printable: String {
        if unicodeScalars.allSatisfy(\.isHarmless) { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isHarmless {
                result.append(scalar)
            } else {
                result.append(contentsOf: scalar.writtenOut.unicodeScalars)
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Neither obeyed by terminals nor invisible.
    var isHarmless: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    fileprivate var writtenOut: String {
        switch self {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(value, radix: 16)
            return value < 0x100 ? "\\x\(digits.count < 2 ? "0" : "")\(digits)" : "\\u{\(digits)}"
        }
    }
}
