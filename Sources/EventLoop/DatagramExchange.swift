internal import CLibUV
internal import Glibc

/// One question and its answer over UDP, for asking a name server. Confined to its loop; answers once, never before the
/// initialiser returns; says nothing when dropped.
public final class DatagramExchange {
    private let loop: EventLoop
    private let timer: LoopTimer
    private var watch: DescriptorWatch?
    private var completion: ((Result<[UInt8], LoopError>?) -> Void)?

    /// Sends `bytes` to `address`, and once more half-way through `limit`. Nil comes back if no answer did.
    public init(
        asking address: SocketAddress, _ bytes: [UInt8], within limit: Duration,
        _ options: DialOptions = DialOptions(), on loop: EventLoop,
        completion: @escaping (Result<[UInt8], LoopError>?) -> Void
    ) {
        self.loop = loop
        self.completion = completion
        timer = LoopTimer(on: loop)
        do {
            let descriptor = rollcall_nonblocking_datagram_socket(address.family == .ipv6 ? AF_INET6 : AF_INET)
            guard descriptor >= 0 else { throw LoopError.fromErrno("open a UDP socket") }
            let watch = try DescriptorWatch(descriptor, on: loop)
            self.watch = watch
            var options = options
            options.segmentBytesMax = nil
            try options.apply(to: descriptor, address.family)
            let result = unsafe address.withSockaddr { unsafe connect(descriptor, $0, $1) }
            guard result == 0, unsafe send(descriptor, bytes, bytes.count, 0) >= 0 else {
                throw LoopError.fromErrno("ask \(address)")
            }
            watch.start(.readable) { [weak self] _ in self?.receive() }
            timer.start(after: limit / 2) { [weak self] in self?.again(bytes, limit / 2) }
        } catch let error as LoopError {
            let bound = LoopBound((exchange: self, error: error), of: loop)
            loop.post { bound.value.exchange.finish(.failure(bound.value.error)) }
        } catch {
            preconditionFailure("only loop errors are thrown here")
        }
    }

    private func again(_ bytes: [UInt8], _ rest: Duration) {
        if let watch { unsafe _ = send(watch.descriptor, bytes, bytes.count, 0) }
        timer.start(after: rest) { [weak self] in self?.finish(nil) }
    }

    private func receive() {
        guard let watch else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var hops: Int32 = 0
        let count = unsafe rollcall_receive_with_hops(watch.descriptor, &bytes, bytes.count, &hops)
        if count >= 0 { return finish(.success(Array(bytes.prefix(Int(count))))) }
        let error = LoopError.fromErrno("ask")
        if error.name != "EAGAIN" { finish(.failure(error)) }
    }

    private func finish(_ result: Result<[UInt8], LoopError>?) {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        watch?.end()
        watch = nil
        completion(result)
    }
}
