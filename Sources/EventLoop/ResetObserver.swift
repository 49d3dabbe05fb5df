internal import CLibUV
internal import Glibc

/// Sees the resets that come from an address and port, with the time to live they arrived with: how far away the one is
/// that refuses. It takes a raw socket, and so root or CAP_NET_RAW; without, it sees nothing. IPv4 only. Confined to its
/// loop.
public final class ResetObserver {
    /// The time to live of the first reset; nil: none seen, or it may not look.
    public private(set) var hopsLeft: Int?
    private let watch: DescriptorWatch
    private let port: UInt16

    /// Looks out from now on, until it is dropped; nil where that is not allowed.
    public init?(from address: SocketAddress, on loop: EventLoop) {
        guard address.family == .ipv4 else { return nil }
        let descriptor = rollcall_raw_tcp_socket()
        guard descriptor >= 0, let watch = try? DescriptorWatch(descriptor, on: loop) else { return nil }
        self.watch = watch
        port = address.port
        // Only packets of that address reach a raw socket that is connected (raw(7)).
        guard (unsafe address.with(port: 0).withSockaddr { unsafe connect(descriptor, $0, $1) }) == 0 else {
            return nil
        }
        watch.start(.readable) { [weak self] _ in self?.receive() }
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: 128)
        var hops: Int32 = 0
        while true {
            let count = unsafe Int(rollcall_receive_with_hops(watch.descriptor, &bytes, bytes.count, &hops))
            guard count >= 0 else { return }
            guard count >= 20 else { continue }
            let tcp = Int(bytes[0] & 15) * 4
            guard count >= tcp + 14, hopsLeft == nil, bytes[tcp + 13] & 4 != 0,
                UInt16(bytes[tcp]) << 8 | UInt16(bytes[tcp + 1]) == port
            else { continue }
            hopsLeft = Int(bytes[8])
        }
    }
}
