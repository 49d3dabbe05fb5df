internal import Glibc

/// What the kernel knows about a terminal. The one place outside EventLoop and SecureTransport that needs the word
/// `unsafe`: the size of a terminal comes from ioctl(2), which fills in a structure, and from nowhere else.
public enum Terminal {
    /// Standard output's descriptor.
    public static let standardOutput: Int32 = 1

    /// Whether `descriptor` is a terminal.
    public static func isTerminal(_ descriptor: Int32 = standardOutput) -> Bool { isatty(descriptor) == 1 }

    /// Columns and rows of the terminal on `descriptor`; nil if it is none, or does not know (a serial line).
    public static func size(of descriptor: Int32 = standardOutput) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
