internal import CLibUV
internal import Glibc

/// Turns a host name into addresses, without holding up the loop (libuv asks the system's resolver on a thread of its
/// pool).
public enum NameLookup {
    /// Asks for a name's addresses with this port, IPv6 and IPv4 in the resolver's order. Numbers are answered without
    /// asking anybody. The completion runs on the loop, in a later turn.
    public static func resolve(
        _ host: String, port: UInt16, on loop: EventLoop,
        completion: @escaping (Result<[SocketAddress], LoopError>) -> Void
    ) {
        loop.assertInLoop()
        let query = Query(completion)
        if let address = SocketAddress(host: host, port: port) {
            let bound = LoopBound(query, of: loop)
            loop.post { bound.value.completion(.success([address])) }
            return
        }
        unsafe query.request.pointee.data = unsafe Unmanaged.passRetained(query).toOpaque()
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = rollcall_sock_stream
        let result = unsafe uv_getaddrinfo(
            loop.raw, query.request,
            { request, status, list in
                guard let data = unsafe request?.pointee.data else { return }
                let query = unsafe Unmanaged<Query>.fromOpaque(data).takeRetainedValue()
                unsafe query.finish(status, list)
            }, host, String(port), &hints)
        if result < 0 {
            unsafe Unmanaged.passUnretained(query).release()
            let bound = LoopBound(query, of: loop)
            loop.post { bound.value.completion(.failure(LoopError(code: result, operation: "look up \(host)"))) }
        } else {
            query.host = host
        }
    }

    @safe private final class Query {
        let request: UnsafeMutablePointer<uv_getaddrinfo_t>
        let completion: (Result<[SocketAddress], LoopError>) -> Void
        var host = ""

        init(_ completion: @escaping (Result<[SocketAddress], LoopError>) -> Void) {
            unsafe request = .allocate(capacity: 1)
            self.completion = completion
        }

        deinit { unsafe request.deallocate() }

        func finish(_ status: Int32, _ list: UnsafeMutablePointer<addrinfo>?) {
            defer { unsafe uv_freeaddrinfo(list) }
            guard status == 0 else {
                return completion(.failure(LoopError(code: status, operation: "look up \(host)")))
            }
            var addresses: [SocketAddress] = []
            var next = unsafe list
            while let entry = unsafe next {
                var storage = sockaddr_storage()
                if let address = unsafe entry.pointee.ai_addr {
                    let length = unsafe min(Int(entry.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
                    unsafe withUnsafeMutableBytes(of: &storage) {
                        unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length))
                    }
                }
                if let address = SocketAddress(storage), !addresses.contains(address) { addresses.append(address) }
                unsafe next = entry.pointee.ai_next
            }
            completion(.success(addresses))
        }
    }
}
