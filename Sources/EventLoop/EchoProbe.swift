internal import CLibUV
internal import Glibc

/// What ICMP echo ("ping", RFC 792) showed.
public struct EchoFigures: Hashable, Sendable {
    /// Requests sent.
    public var sent = 0
    /// The round trip of each answer.
    public var roundTrips: [Duration] = []
    /// The time to live with which the answers arrived; nil: not told.
    public var hopsLeft: Int?
    /// ICMP errors about the requests.
    public var reports: [UnreachableReport] = []
    /// Why no request could be sent; nil: they were.
    public var failure: LoopError?

    /// Nothing sent.
    public init() {}
}

/// Sends ICMP echo requests and collects the answers: over an unprivileged ICMP socket where the system allows it
/// (`net.ipv4.ping_group_range`, icmp(7)), else over a raw one where the process may. Confined to its loop; answers once,
/// never before the initialiser returns; says nothing when dropped.
public final class EchoProbe {
    private let loop: EventLoop
    private let address: SocketAddress
    private let timer: LoopTimer
    private let end: LoopTimer
    private var watch: DescriptorWatch?
    private var isRaw = false
    private var sentAt: [UInt64] = []
    private var answered: Set<Int> = []
    private var figures = EchoFigures()
    private var completion: ((EchoFigures) -> Void)?
    private let count: Int
    /// Tells our requests from those of others on a raw socket.
    private let identifier = UInt16.random(in: 1 ... .max)

    /// Sends `count` requests, one every `interval`, and waits for the answers until `limit` after the last.
    public init(
        to address: SocketAddress, count: Int, every interval: Duration, within limit: Duration,
        _ options: DialOptions = DialOptions(), on loop: EventLoop, completion: @escaping (EchoFigures) -> Void
    ) {
        self.loop = loop
        self.address = address
        self.count = count
        self.completion = completion
        timer = LoopTimer(on: loop)
        end = LoopTimer(on: loop)
        do {
            try begin(options)
        } catch {
            figures.failure = error
            let bound = LoopBound(self, of: loop)
            loop.post { bound.value.finish() }
            return
        }
        end.start(after: interval * max(0, count - 1) + limit) { [weak self] in
            // What has come and was not read yet counts, too.
            self?.receive()
            self?.finish()
        }
        timer.start(after: .zero, repeating: interval) { [weak self] in self?.send() }
    }

    private func begin(_ options: DialOptions) throws(LoopError) {
        let isIPv6 = address.family == .ipv6
        let family = isIPv6 ? AF_INET6 : AF_INET
        var descriptor = rollcall_echo_socket(family, 0)
        if descriptor < 0 {
            isRaw = true
            descriptor = rollcall_echo_socket(family, 1)
        }
        guard descriptor >= 0 else { throw .fromErrno("open an ICMP socket") }
        let watch = try DescriptorWatch(descriptor, on: loop)
        self.watch = watch
        var options = options
        options.segmentBytesMax = nil
        try options.apply(to: descriptor, address.family)
        var yes: Int32 = 1
        // IP_RECVTTL, IPV6_RECVHOPLIMIT
        unsafe _ = setsockopt(descriptor, isIPv6 ? 41 : 0, isIPv6 ? 51 : 12, &yes, 4)
        let result = unsafe address.with(port: 0).withSockaddr { unsafe connect(descriptor, $0, $1) }
        guard result == 0 else { throw .fromErrno("send an ICMP echo to \(address.host)") }
        watch.start(.readable) { [weak self] _ in self?.receive() }
    }

    private func send() {
        guard let watch, sentAt.count < count else { return timer.cancel() }
        let number = UInt16(sentAt.count)
        var packet: [UInt8] = [
            address.family == .ipv6 ? 128 : 8, 0, 0, 0, UInt8(identifier >> 8), UInt8(identifier & 255),
            UInt8(number >> 8), UInt8(number & 255),
        ]
        packet += Array("rollcall-probe..".utf8)
        // The kernel fills it in for ICMPv6, where it covers the addresses, too.
        if address.family == .ipv4 {
            let sum = Self.checksum(packet)
            packet[2] = UInt8(sum >> 8)
            packet[3] = UInt8(sum & 255)
        }
        sentAt.append(EventLoop.monotonicNanoseconds)
        figures.sent += 1
        if unsafe Glibc.send(watch.descriptor, packet, packet.count, 0) < 0 {
            while let report = UnreachableReport.take(from: watch.descriptor) { figures.reports.append(report) }
        }
    }

    /// RFC 1071.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    private func receive() {
        guard let watch else { return }
        while let report = UnreachableReport.take(from: watch.descriptor) { figures.reports.append(report) }
        var bytes = [UInt8](repeating: 0, count: 1500)
        while true {
            var hops: Int32 = -1
            let count = unsafe rollcall_receive_with_hops(watch.descriptor, &bytes, bytes.count, &hops)
            guard count > 0 else { break }
            read(Array(bytes.prefix(Int(count))), hops: hops)
        }
        if answered.count == count { finish() }
    }

    private func read(_ packet: [UInt8], hops: Int32) {
        // A raw IPv4 socket gets the IP header, too (raw(7)).
        let isRaw4 = isRaw && address.family == .ipv4
        let start = isRaw4 ? Int(packet[0] & 15) * 4 : 0
        guard packet.count >= start + 8, packet[start] == (address.family == .ipv6 ? 129 : 0) else { return }
        let whose = UInt16(packet[start + 4]) << 8 | UInt16(packet[start + 5])
        let number = Int(packet[start + 6]) << 8 | Int(packet[start + 7])
        guard !isRaw || whose == identifier, number < sentAt.count, answered.insert(number).inserted else { return }
        figures.roundTrips.append(
            .nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds &- sentAt[number])))
        figures.hopsLeft = hops >= 0 ? Int(hops) : isRaw4 ? Int(packet[8]) : figures.hopsLeft
    }

    private func finish() {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        end.cancel()
        watch?.end()
        watch = nil
        completion(figures)
    }
}
