/// A heartbeat that tells nothing new, read without the protobuf library: a general decoder costs ten times as much as
/// everything else the server does for a heartbeat, and nine in ten are of this kind.
///
/// It accepts only what it understands fully: `Request {id, heartbeat {sequence, boot_tag, sent_unix_ms}}` in field
/// order. Anything else (other fields, other order, other methods, broken bytes) is nil, and the general decoder decides.
@frozen
public struct PlainHeartbeat: Equatable, Sendable {
    /// `Request.id`.
    public var requestID: UInt64
    /// `HeartbeatRequest.sequence`.
    public var sequence: UInt64
    /// `HeartbeatRequest.boot_tag`.
    public var bootTag: UInt64
    /// `HeartbeatRequest.sent_unix_ms`.
    public var sentUnixMilliseconds: UInt64

    /// Reads a message, without its frame header.
    @inlinable
    public init?(_ message: Span<UInt8>) {
        let end = message.count
        // Request.id (field 1, varint) and heartbeat (field 7, length-delimited).
        var position = 0
        guard let id = Self.taggedVarint(message, &position, tag: 0x08), id != 0, end - position >= 2,
            message[position] == 0x3A,
            Int(message[position + 1]) == end - position - 2
        else { return nil }
        position += 2
        requestID = id
        guard let sequence = Self.taggedVarint(message, &position, tag: 0x08) else { return nil }
        self.sequence = sequence
        // boot_tag (field 2) and sent_unix_ms (field 3), both fixed64: 2 × (1 + 8) bytes, and nothing behind them.
        guard end - position == 18, message[position] == 0x11,
            message[position + 9] == 0x19
        else { return nil }
        bootTag = Self.fixed64(message, at: position + 1)
        sentUnixMilliseconds = Self.fixed64(message, at: position + 10)
    }

    /// Bounds-checked; "unsafe" in the name is for types that have invalid bit patterns, which integers do not have.
    @inlinable
    @inline(__always)
    static func fixed64(_ message: Span<UInt8>, at position: Int) -> UInt64 {
        UInt64(littleEndian: message.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    @inlinable
    @inline(__always)
    static func taggedVarint(_ message: Span<UInt8>, _ position: inout Int, tag: UInt8) -> UInt64? {
        let end = message.count
        guard position < end, message[position] == tag else { return nil }
        position += 1
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = message[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return shift == 63 && byte > 1 ? nil : value }
            shift += 7
        }
        return nil
    }
}

/// The answer to a heartbeat as a frame: `Response {id, heartbeat {heartbeat_interval_ms, report_in_full}}`.
@frozen
public struct HeartbeatAnswer: Sendable {
    /// Longest form: header 5, id 11, heartbeat 2 + 6 + 2.
    public static let bytesMax = 26

    /// The bytes; only the first `count` are meant.
    public var bytes: InlineArray<32, UInt8>
    /// How many there are.
    public var count: Int

    /// A copy of the bytes that are meant. Not for the heartbeat path: it allocates.
    public var array: [UInt8] {
        var copy: [UInt8] = []
        for position in 0..<count { copy.append(bytes[position]) }
        return copy
    }

    /// Encodes the answer.
    /// - Parameters:
    ///   - requestID: the heartbeat's.
    ///   - intervalMilliseconds: 0 leaves the field out: "as before".
    ///   - reportInFull: the agent is to register again.
    @inlinable
    public init(requestID: UInt64, intervalMilliseconds: UInt32, reportInFull: Bool) {
        bytes = InlineArray(repeating: 0)
        count = FrameLimits.headerBytes
        append(0x08)
        append(varint: requestID)
        append(0x3A)
        let lengthAt = count
        count += 1
        if intervalMilliseconds != 0 {
            append(0x08)
            append(varint: UInt64(intervalMilliseconds))
        }
        if reportInFull {
            append(0x10)
            append(1)
        }
        bytes[lengthAt] = UInt8(truncatingIfNeeded: count - lengthAt - 1)
        bytes[4] = UInt8(truncatingIfNeeded: count - FrameLimits.headerBytes)
    }

    @inlinable
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }

    @inlinable
    @inline(__always)
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
