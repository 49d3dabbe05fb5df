// The server that Scripts/interop.sh points foreign clients and test suites at: a secure stream that asks for no
// certificate, answers what looks like HTTP with a page and says everything else again. Not part of `swift build`.
//
//   interop CERTIFICATE KEY own|openssl       prints "ready PORT", and how many connections used which records
import EventLoop
import Glibc
import SecureTransport

final class Answers: SecureStreamDelegate {
    private var request: [UInt8] = []

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {}
    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) { stream.close() }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        for position in 0..<bytes.count { request.append(bytes[position]) }
        guard request.starts(with: "GET".utf8) else {
            stream.write(request)
            return request = []
        }
        guard request.suffix(4) == Array("\r\n\r\n".utf8)[...] || request.suffix(2) == Array("\n\n".utf8)[...] else {
            return
        }
        request = []
        stream.write(Array("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n".utf8))
    }

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) { stream.close() }
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let records = TLSRecords(rawValue: arguments[3]),
    let address = SocketAddress(host: "127.0.0.1", port: 0)
else {
    print("usage: interop CERTIFICATE KEY own|openssl")
    exit(64)
}
let loop = try EventLoop()
let context = try TLSContext.server(
    certificateChainFile: arguments[1], keyFile: arguments[2], clients: .anybody, records: records)
let listener = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
    guard case .accepted(let stream) = event else { return }
    _ = try? SecureStream(accepting: stream, context: context, delegate: Answers())
}
print("ready \(listener.address.port)")
fflush(nil)
loop.run()
