internal import CLibUV
internal import Glibc

/// Dials with options, and tells more than success or errno: which machine reported the failure. Confined to its loop;
/// answers once, never before the initialiser returns. One that is dropped or cancelled gives up and says nothing.
public final class DiagnosticDial {
    /// How it ended.
    public enum Outcome {
        /// Up.
        case connected(ByteStream)
        /// It failed, and this is what ICMP said about it, if anything did.
        case failed(LoopError, UnreachableReport?)
    }

    private let address: SocketAddress
    private let loop: EventLoop
    private var watch: DescriptorWatch?
    private var completion: ((Outcome) -> Void)?

    /// Begins.
    public init(
        to address: SocketAddress, _ options: DialOptions = DialOptions(), on loop: EventLoop,
        completion: @escaping (Outcome) -> Void
    ) {
        self.address = address
        self.loop = loop
        self.completion = completion
        do {
            try begin(options)
        } catch {
            let bound = LoopBound((dial: self, error: error), of: loop)
            loop.post { bound.value.dial.finish(.failed(bound.value.error, nil)) }
        }
    }

    private func begin(_ options: DialOptions) throws(LoopError) {
        let operation = "connect to \(address)"
        let descriptor = rollcall_stream_socket(address.family == .ipv6 ? AF_INET6 : AF_INET, 1)
        guard descriptor >= 0 else { throw .fromErrno(operation) }
        let watch = try DescriptorWatch(descriptor, on: loop)
        self.watch = watch
        try options.apply(to: descriptor, address.family)
        let result = unsafe address.withSockaddr { unsafe connect(descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw .fromErrno(operation) }
        watch.start(.writable) { [weak self] _ in self?.decided() }
    }

    private func decided() {
        guard let watch else { return }
        var code: Int32 = 0
        var length = socklen_t(4)
        unsafe _ = getsockopt(watch.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        let report = UnreachableReport.take(from: watch.descriptor)
        guard code == 0 else {
            return finish(.failed(LoopError(code: -code, operation: "connect to \(address)"), report))
        }
        do {
            finish(
                .connected(try ByteStream(accepted: watch.handOver(), local: false, peer: address, on: loop)))
        } catch {
            finish(.failed(error, nil))
        }
    }

    private func finish(_ outcome: Outcome) {
        watch?.end()
        watch = nil
        let completion = self.completion
        self.completion = nil
        completion?(outcome)
    }

    /// Gives up. What the kernel knows of it until then is returned.
    @discardableResult
    public func cancel() -> TCPFigures? {
        let figures = watch.flatMap { TCPFigures(of: $0.descriptor) }
        completion = nil
        watch?.end()
        watch = nil
        return figures
    }
}
