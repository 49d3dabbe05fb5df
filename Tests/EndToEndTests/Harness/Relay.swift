import Foundation
import Glibc
import Synchronization

/// Carries the bytes of one connection to the server and back in a thread of its own, and mistreats them on the way: in
/// pieces of a given size, cut off after so many bytes, half closed, or no longer read.
final class Relay: Sendable {
    /// Where to dial instead of the server.
    let port: UInt16
    private let listener: Int32
    private let pieces: Int
    private let cutAfter: Int
    private let wish = Atomic<Int>(0)

    private enum Wish {
        static let none = 0
        static let halfClose = 1
        static let stopReading = 2
        static let end = 3
    }

    /// A relay for one connection to the server's port.
    /// - Throws: `POSIXError`.
    init(to server: UInt16, pieces: Int = 65536, cutAfter: Int = .max, smallBuffer: Bool = false) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = RawSocket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard result else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        self.pieces = pieces
        self.cutAfter = cutAfter
        Thread { self.carry(to: server, smallBuffer) }.start()
    }

    /// Tells the server that the client sends no more; answers still come through.
    func halfClose() { wish.store(Wish.halfClose, ordering: .relaxed) }

    /// Reads nothing more from the server.
    func stopReading() { wish.store(Wish.stopReading, ordering: .relaxed) }

    /// Ends both connections.
    func end() { wish.store(Wish.end, ordering: .relaxed) }

    private func carry(to server: UInt16, _ smallBuffer: Bool) {
        let accepted = accept(listener, nil, nil)
        close(listener)
        guard let client = try? RawSocket(accepted: accepted),
            let upstream = try? RawSocket(port: server, smallBuffer: smallBuffer)
        else { return }
        var carried = 0
        var halfClosed = false
        while true {
            let wish = wish.load(ordering: .relaxed)
            if wish == Wish.end { return }
            if wish == Wish.halfClose, !halfClosed {
                halfClosed = true
                upstream.endOutput()
            }
            let readsServer = wish != Wish.stopReading
            var polled = [
                pollfd(fd: halfClosed ? -1 : client.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream.descriptor, events: readsServer ? Int16(POLLIN) : 0, revents: 0),
            ]
            guard poll(&polled, 2, 10) >= 0 else { return }
            if polled[1].revents != 0 {
                guard readsServer, let bytes = upstream.read(atMost: pieces), !bytes.isEmpty, client.write(bytes) else {
                    // The end towards the client, in the same manner as it came from the server.
                    return client.close()
                }
            }
            if polled[0].revents != 0 {
                guard let bytes = client.read(atMost: min(pieces, cutAfter - carried)), !bytes.isEmpty,
                    upstream.write(bytes)
                else { return }
                carried += bytes.count
                if carried >= cutAfter {
                    upstream.reset()
                    return client.reset()
                }
            }
        }
    }
}
