/// What is wrong with a frame. The connection cannot go on after it: where the next frame begins is not known.
public enum FrameError: Error, Hashable, Sendable {
    /// The flags say compressed; rollcall/1 has no compression.
    case compressed
    /// Flags that nobody has given a meaning to.
    case unknownFlags(UInt8)
    /// Longer than this side takes.
    case tooLong(bytes: Int, limit: Int)

    /// The status to answer with.
    public var status: StatusCode {
        switch self {
        case .compressed, .unknownFlags: .unimplemented
        case .tooLong: .resourceExhausted
        }
    }
}

extension FrameError: CustomStringConvertible {
    /// What is wrong, with the numbers, for the peer's log.
    public var description: String {
        switch self {
        case .compressed: "frame is compressed (flags 1); rollcall/1 frames are not: send flags 0"
        case .unknownFlags(let flags): "frame begins with \(flags) where the flags stand; rollcall/1 knows only 0"
        case .tooLong(let bytes, let limit): "message of \(bytes) bytes; this connection takes \(limit) at most"
        }
    }
}

/// Cuts a stream of bytes into messages, however the bytes are split. A message that arrives whole is lent where it
/// lies; only a remainder is copied, and only as much as its header promises. Idle, a decoder owns no memory.
public struct FrameDecoder: Sendable {
    /// Longest message taken, in bytes. May be raised between frames, when the peer has proven who it is.
    public var messageBytesMax: Int
    private var partial: [UInt8] = []

    /// A decoder that has seen nothing.
    public init(messageBytesMax: Int = FrameLimits.messageBytesMax) {
        self.messageBytesMax = messageBytesMax
    }

    /// Whether a frame has begun and not ended.
    public var isInsideFrame: Bool { !partial.isEmpty }

    /// Feeds bytes; calls the body with each message that they complete, in order. The body says whether to go on; if
    /// not, the rest is dropped.
    /// - Throws: `FrameError`, after the messages before the broken frame were delivered.
    @inlinable
    public mutating func decode(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) throws(FrameError) {
        var position = 0
        let end = bytes.count
        if isInsideFrame {
            guard try finishPartial(bytes, &position, body) else { return }
        }
        while let message = try Self.wholeMessage(in: bytes, at: position, messageBytesMax: messageBytesMax) {
            guard body(bytes.extracting(message)) else { return }
            position = message.upperBound
        }
        if position < end { try keep(bytes.extracting(position..<end)) }
    }

    /// Where the message lies whose frame begins at the position; nil if it did not arrive whole. For who reads frames in
    /// place and gives the decoder only a remainder, with `keep`: a heartbeat then changes no decoder.
    /// - Throws: `FrameError`.
    @inlinable
    @inline(__always)
    public static func wholeMessage(
        in bytes: Span<UInt8>, at position: Int, messageBytesMax: Int
    ) throws(FrameError) -> Range<Int>? {
        let begin = position + FrameLimits.headerBytes
        guard begin <= bytes.count else { return nil }
        let length = try messageLength(bytes, at: position, messageBytesMax: messageBytesMax)
        return length <= bytes.count - begin ? begin..<begin + length : nil
    }

    /// The length in a header.
    @inlinable
    @inline(__always)
    static func messageLength(
        _ bytes: Span<UInt8>, at position: Int, messageBytesMax: Int
    ) throws(FrameError) -> Int {
        let flags = bytes[position]
        guard flags == 0 else { throw flags == 1 ? .compressed : .unknownFlags(flags) }
        let length =
            Int(bytes[position + 1]) << 24 | Int(bytes[position + 2]) << 16
            | Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
        guard length <= messageBytesMax else { throw .tooLong(bytes: length, limit: messageBytesMax) }
        return length
    }

    /// Completes the frame that has begun. Returns false if the body had enough.
    @usableFromInline
    mutating func finishPartial(
        _ bytes: Span<UInt8>, _ position: inout Int, _ body: (Span<UInt8>) -> Bool
    ) throws(FrameError) -> Bool {
        append(bytes, &position, upTo: FrameLimits.headerBytes)
        guard partial.count >= FrameLimits.headerBytes else {
            if let flags = partial.first, flags != 0 { throw flags == 1 ? .compressed : .unknownFlags(flags) }
            return true
        }
        let length = try Self.messageLength(partial.span, at: 0, messageBytesMax: messageBytesMax)
        append(bytes, &position, upTo: FrameLimits.headerBytes + length)
        guard partial.count == FrameLimits.headerBytes + length else { return true }
        let whole = partial
        partial = []
        return body(whole.span.extracting(FrameLimits.headerBytes..<whole.count))
    }

    private mutating func append(_ bytes: Span<UInt8>, _ position: inout Int, upTo count: Int) {
        let wanted = min(count - partial.count, bytes.count - position)
        guard wanted > 0 else { return }
        for offset in position..<position + wanted { partial.append(bytes[offset]) }
        position += wanted
    }

    /// Keeps the beginning of a frame, at least one byte, while none has begun. A header that is broken is refused at once,
    /// not when the rest has come.
    /// - Throws: `FrameError`.
    public mutating func keep(_ rest: Span<UInt8>) throws(FrameError) {
        precondition(!isInsideFrame && !rest.isEmpty, "a frame begins where none has begun")
        var expected = rest.count
        if rest.count >= FrameLimits.headerBytes {
            expected = FrameLimits.headerBytes + (try Self.messageLength(rest, at: 0, messageBytesMax: messageBytesMax))
        } else if rest[0] != 0 {
            let flags = rest[0]
            throw flags == 1 ? .compressed : .unknownFlags(flags)
        }
        partial.reserveCapacity(expected)
        for offset in 0..<rest.count { partial.append(rest[offset]) }
    }
}
