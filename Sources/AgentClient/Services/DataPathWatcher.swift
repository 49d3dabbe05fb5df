internal import EventLoop
internal import Foundation
internal import RollcallProtocol
internal import SecureTransport

/// Looks at the way to the process server again and again, and tells when it opens or closes. What fails is looked at once
/// more at once: a lost SYN is no closed port. Confined to its loop.
final class DataPathWatcher {
    private let target: DataPathTarget
    private let context: TLSContext
    private let loop: EventLoop
    private let timer: LoopTimer
    private let tell: (WireDataPath) -> Void
    private var last: WireDataPath?
    private var hasFailedOnce = false
    private var isStopped = false

    /// A watcher that has not begun. `tell` hears of the first look, and then of changes only.
    /// - Throws: `TLSError` if OpenSSL has no memory.
    init(_ target: DataPathTarget, on loop: EventLoop, tell: @escaping (WireDataPath) -> Void) throws(TLSError) {
        self.target = target
        self.loop = loop
        self.tell = tell
        context = try TLSContext.client(servers: .anybody)
        timer = LoopTimer(on: loop)
    }

    func start() { look() }

    func stop() {
        isStopped = true
        timer.cancel()
    }

    private func look() {
        _ = DataPathLook(
            at: target.host, port: target.port, context: context, limit: min(.seconds(10), target.interval), on: loop
        ) { [weak self] why in self?.saw(why) }
    }

    private func saw(_ why: String?) {
        guard !isStopped else { return }
        if why != nil, !hasFailedOnce, last?.open ?? true {
            hasFailedOnce = true
            return look()
        }
        hasFailedOnce = false
        if last?.open != (why == nil) {
            let path = WireDataPath.with {
                $0.open = why == nil
                $0.processServer = target.host
                $0.port = UInt32(target.port)
                $0.sinceUnixMs = Int64(Date().timeIntervalSince1970 * 1_000)
                $0.detail = (why ?? "").oneLine.cut(toBytes: 128)
            }
            last = path
            tell(path)
        }
        timer.start(after: target.interval) { [weak self] in self?.look() }
    }
}

/// The process server's data port, and how often it is looked at.
public struct DataPathTarget: Equatable, Sendable {
    /// Name or address.
    public var host: String
    /// 9443, unless the process server was told of another.
    public var port: UInt16
    /// Time between two looks.
    public var interval: Duration

    /// The port that process servers take data on.
    public static let portDefault: UInt16 = 9_443
    /// How often it is looked at, as a rule.
    public static let intervalDefault = Duration.seconds(60)
    /// The shortest interval: each look is a connection to a machine that two hundred others look at, too.
    static let intervalMin = Duration.milliseconds(200)
}
