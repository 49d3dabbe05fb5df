/// Reads the one handshake message that a server meets after the handshake, byte by byte: it may come in pieces
/// (RFC 8446 sections 4.6.3 and 5.1). Its five bytes are all known but the last, so that none is kept.
struct KeyUpdateReader {
    /// The message's type.
    static let type: UInt8 = 24

    private var count: UInt8 = 0

    enum Outcome: Equatable {
        case unfinished
        /// The message is whole. The peer wants one in return, or not.
        case complete(wantsOne: Bool)
        case refused(RecordRefusal)
    }

    /// Whether the message's end has still to come.
    var isBegun: Bool { count > 0 }

    /// Takes the next byte of the message.
    mutating func take(_ byte: UInt8) -> Outcome {
        switch count {
        case 0: guard byte == Self.type else { return .refused(.notKeyUpdate) }
        case 1, 2: guard byte == 0 else { return .refused(.keyUpdateLength) }
        case 3: guard byte == 1 else { return .refused(.keyUpdateLength) }
        default:
            count = 0
            return byte <= 1 ? .complete(wantsOne: byte == 1) : .refused(.keyUpdateValue)
        }
        count += 1
        return .unfinished
    }
}
