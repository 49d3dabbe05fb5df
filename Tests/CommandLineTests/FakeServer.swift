import Foundation
import Glibc
import RollcallProtocol
import SwiftProtobuf
import Synchronization

/// A server that says what a test wants it to say, on a local socket. It knows the framing and nothing else.
final class FakeServer: Sendable {
    /// What follows a request.
    enum Reply: Sendable {
        case answer(WireResponse.OneOf_Result)
        /// An answer that more follow.
        case more(WireResponse.OneOf_Result)
        case refusal(StatusCode, String)
        case hangUp
    }

    typealias Script = @Sendable (WireRequest.OneOf_Method) -> [Reply]

    private let listener: Int32
    private let script: Script
    private let connections = Connections()

    /// Listens on `path` and answers by `script`. Its threads end when it goes away.
    init(on path: String, script: @escaping Script) throws {
        self.script = script
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isListening = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(descriptor, 16) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        listener = descriptor
        Thread.detachNewThread { [connections, script] in
            while true {
                let peer = accept(descriptor, nil, nil)
                guard peer >= 0 else { break }
                connections.add(peer)
                Thread.detachNewThread {
                    Self.serve(peer, by: script)
                    connections.close(peer)
                }
            }
            close(descriptor)
        }
    }

    deinit {
        // Wakes the accepting thread, which closes the descriptor.
        shutdown(listener, Int32(SHUT_RDWR))
        connections.shutDown()
    }

    /// Ends every connection there is.
    func dropConnections() { connections.shutDown() }

    /// Descriptors that are open: one that is closed may be another server's a moment later.
    private final class Connections: Sendable {
        private let open = Mutex<Set<Int32>>([])

        func add(_ peer: Int32) { open.withLock { _ = $0.insert(peer) } }

        func close(_ peer: Int32) {
            open.withLock { open in
                open.remove(peer)
                Glibc.close(peer)
            }
        }

        func shutDown() {
            open.withLock { open in for peer in open { shutdown(peer, Int32(SHUT_RDWR)) } }
        }
    }

    private static func serve(_ peer: Int32, by script: Script) {
        while let header = read(5, from: peer) {
            let length = header.dropFirst().reduce(0) { $0 << 8 | Int($1) }
            guard let body = read(length, from: peer), let request = try? WireRequest(serializedBytes: body),
                let method = request.method
            else { return }
            for reply in script(method) {
                var response = WireResponse()
                response.id = request.id
                switch reply {
                case .answer(let result): response.result = result
                case .more(let result):
                    response.result = result
                    response.more = true
                case .refusal(let code, let message):
                    response.status = code.rawValue
                    response.message = message
                case .hangUp: return
                }
                guard let bytes: [UInt8] = try? response.serializedBytes() else { return }
                let length = UInt32(bytes.count)
                let frame = [
                    0, UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255),
                ]
                guard write(frame + bytes, to: peer) else { return }
            }
        }
    }

    private static func read(_ count: Int, from peer: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes[filled...].withUnsafeMutableBytes { recv(peer, $0.baseAddress, $0.count, 0) }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to peer: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
