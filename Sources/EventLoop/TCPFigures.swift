internal import CLibUV
internal import Glibc

/// What the kernel knows of a TCP connection (tcp(7), `TCP_INFO`): how much the other side has confirmed, what had to be
/// sent again, which sizes pass. Fields that an old kernel lacks are 0.
public struct TCPFigures: Hashable, Sendable {
    /// The largest segment it sends, bytes without headers.
    public var segmentBytes = 0
    /// The largest segment it has received so far, bytes.
    public var receivedSegmentBytes = 0
    /// The largest packet that the path is known to take, bytes with headers.
    public var pathBytes = 0
    /// Segments sent that the other side has not confirmed.
    public var unconfirmedSegments = 0
    /// How often in a row the oldest of them was sent again without a word from the other side.
    public var timeoutsInARow = 0
    /// Bytes that the other side has confirmed.
    public var confirmedBytes = 0
    /// Bytes sent, without those sent again.
    public var sentBytes = 0
    /// Bytes received.
    public var receivedBytes = 0
    /// Segments sent, with those sent again.
    public var segmentsSent = 0
    /// Segments that had to be sent again.
    public var segmentsSentAgain = 0
    /// Segments that arrived before an earlier one: some earlier one is missing.
    public var segmentsOutOfOrder = 0
    /// Smoothed round trip.
    public var roundTrip = Duration.zero

    /// Nothing known.
    public init() {}

    /// Asks the kernel; nil if it does not tell.
    init?(of descriptor: Int32) {
        // The layout of struct tcp_info in linux/tcp.h, which only ever grows; glibc's own copy ends earlier.
        var words = [UInt32](repeating: 0, count: 64)
        var length = socklen_t(words.count * 4)
        guard unsafe getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &words, &length) == 0 else { return nil }
        func wide(_ index: Int) -> Int { Int(clamping: UInt64(words[index]) | UInt64(words[index + 1]) << 32) }
        timeoutsInARow = Int(words[0] >> 16 & 0xFF)
        segmentBytes = Int(words[4])
        receivedSegmentBytes = Int(words[5])
        unconfirmedSegments = Int(words[6])
        pathBytes = Int(words[15])
        roundTrip = .microseconds(Int64(words[17]))
        segmentsSentAgain = Int(words[25])
        confirmedBytes = wide(30)
        receivedBytes = wide(32)
        sentBytes = max(0, wide(50) - wide(52))
        segmentsSent = Int(words[34])
        segmentsOutOfOrder = Int(words[56])
    }
}

extension ByteStream {
    /// What the kernel knows of the connection; nil once closed, and for local sockets.
    public var figures: TCPFigures? { descriptor.flatMap { TCPFigures(of: $0) } }
}
