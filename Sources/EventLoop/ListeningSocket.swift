internal import CLibUV
internal import Glibc
internal import Synchronization

/// A bound, listening socket on its way to the loop that takes it over. Closes what nobody took. Any thread.
public final class ListeningSocket: Sendable {
    /// Where it listens, with the port that the kernel chose if 0 was asked for.
    public let address: SocketAddress
    private let descriptor: Atomic<Int32>

    /// Connections the kernel keeps waiting; it cuts this to net.core.somaxconn.
    static let backlog: Int32 = 4096

    /// Listening sockets on one TCP address, as many as there are loops, all on the same port: the kernel spreads
    /// newcomers over them (SO_REUSEPORT). IPv6 sockets take IPv6 only, so that both wildcards can be listened on.
    ///
    /// SO_REUSEPORT would also let a second server of the same user share the port in silence. So the first bind is
    /// done without it, which fails if anybody listens there.
    /// - Throws: `LoopError`: in use, permission denied, address not available on this machine.
    public static func listen(on address: SocketAddress, count: Int) throws(LoopError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        var address = address
        let alone = try ListeningSocket(binding: address, sharing: false)
        address = alone.address
        alone.close()
        for _ in 0..<max(1, count) {
            let socket = try ListeningSocket(binding: address, sharing: true)
            try socket.listen()
            sockets.append(socket)
        }
        return sockets
    }

    /// A listening local socket at the path, which is removed first if nobody answers there any more. Mode 0660.
    /// - Throws: `LoopError`: in use (somebody answers), permission denied, no such directory, path too long.
    public static func listen(atPath path: String) throws(LoopError) -> ListeningSocket {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: name.sun_path)
        guard bytes.count < room else { throw LoopError(code: -ENAMETOOLONG, operation: "listen on \(path)") }
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let made = rollcall_stream_socket(AF_UNIX, 1)
        guard made >= 0 else { throw LoopError.fromErrno("listen on \(path)") }
        let listening = ListeningSocket(address: SocketAddress(path: path), descriptor: made)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        func withName(_ call: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
            unsafe withUnsafePointer(to: &name) { pointer in
                unsafe call(UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self))
            }
        }
        var result = unsafe withName { unsafe bind(made, $0, length) }
        if result < 0, errno == EADDRINUSE {
            let caller = rollcall_stream_socket(AF_UNIX, 0)
            defer { Glibc.close(caller) }
            guard unsafe withName({ unsafe connect(caller, $0, length) }) < 0, errno == ECONNREFUSED else {
                throw LoopError(code: -EADDRINUSE, operation: "listen on \(path)")
            }
            // Only a socket is ours to remove.
            var status = stat()
            guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
                throw LoopError(code: -EADDRINUSE, operation: "listen on \(path)")
            }
            unsafe unlink(path)
            result = unsafe withName { unsafe bind(made, $0, length) }
        }
        guard result == 0 else { throw LoopError.fromErrno("listen on \(path)") }
        guard unsafe chmod(path, 0o660) == 0 else { throw LoopError.fromErrno("set the mode of \(path)") }
        try listening.listen()
        return listening
    }

    private init(address: SocketAddress, descriptor: Int32) {
        self.address = address
        self.descriptor = Atomic(descriptor)
    }

    private convenience init(binding address: SocketAddress, sharing: Bool) throws(LoopError) {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let made = rollcall_stream_socket(family, 1)
        guard made >= 0 else { throw LoopError.fromErrno("listen on \(address)") }
        // What it accepts has its options: that saves a call for each connection.
        let options = [
            (SOL_SOCKET, SO_REUSEADDR, true), (SOL_SOCKET, SO_REUSEPORT, sharing),
            (Int32(IPPROTO_TCP), TCP_NODELAY, true),
        ]
        var on: Int32 = 1
        for (level, name, wanted) in options where wanted {
            unsafe _ = setsockopt(made, level, name, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        if address.family == .ipv6 {
            unsafe _ = setsockopt(made, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let result = unsafe address.withSockaddr { pointer, length in unsafe bind(made, pointer, length) }
        guard result == 0 else {
            let error = LoopError.fromErrno("listen on \(address)")
            Glibc.close(made)
            throw error
        }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe getsockname(made, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
        }
        let real = named == 0 ? SocketAddress(storage) : nil
        self.init(address: address.with(port: real?.port ?? address.port), descriptor: made)
    }

    private func listen() throws(LoopError) {
        guard Glibc.listen(descriptor.load(ordering: .relaxed), Self.backlog) == 0 else {
            throw LoopError.fromErrno("listen on \(address)")
        }
    }

    /// The descriptor, which the caller owns from now on; -1 if it was taken already.
    func take() -> Int32 {
        descriptor.exchange(-1, ordering: .relaxed)
    }

    /// Closes it, unless a loop took it.
    public func close() {
        let own = take()
        if own >= 0 { Glibc.close(own) }
    }

    deinit { close() }
}
