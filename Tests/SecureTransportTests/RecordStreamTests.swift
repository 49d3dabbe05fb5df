import EventLoop
import Foundation
import SecureTransport
import TestSupport
import Testing

/// A secure stream over real sockets, with either party running its records.
@Suite("Secure streams' records")
struct RecordStreamTests {
    let runner: LoopRunner
    let fixture: TLSFixture
    var loop: EventLoop { runner.loop }

    init() throws {
        runner = try LoopRunner()
        fixture = try TLSFixture()
    }

    /// What a server hears of one client, and what its client hears.
    private final class Pair {
        let server = SecureRecorder()
        let client = SecureRecorder()
        var accepted: SecureStream?
        var rawStream: ByteStream?
        var dialled: SecureStream?
        var listeners: [Listener] = []
        var splitters: [Splitter] = []
    }

    private func connect(_ records: TLSRecords, pieces: Int? = nil) throws -> Pair {
        let pair = Pair()
        let context = try TLSContext.server(
            certificateChainFile: fixture.certificateFile, keyFile: fixture.keyFile, clients: fixture.trust,
            records: records)
        let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
        let listener = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
            guard case .accepted(let stream) = event else { return }
            pair.rawStream = stream
            pair.accepted = try? SecureStream(accepting: stream, context: context, delegate: pair.server)
        }
        pair.listeners.append(listener)
        var target = listener.address
        if let pieces {
            let middle = try Listener(try ListeningSocket.listen(on: address, count: 1)[0], on: loop) { event in
                guard case .accepted(let stream) = event else { return }
                let splitter = Splitter(to: listener.address, pieces: pieces)
                pair.splitters.append(splitter)
                splitter.accept(stream)
            }
            pair.listeners.append(middle)
            target = middle.address
        }
        let dialled = try SecureStream(
            dialling: target, context: try fixture.client(), serverName: nil, expecting: .fleetServer("test"),
            identity: try fixture.node(), on: loop, delegate: pair.client)
        dialled.pendingBytesMax = .max
        pair.dialled = dialled
        return pair
    }

    @Test("carry what the client sent with its last flight, and everything after", arguments: TLSRecords.allCases)
    func echo(_ records: TLSRecords) throws {
        for pieces in [Int?.none, 1, 1400] {
            let pair = try connect(records, pieces: pieces)
            let size = pieces == 1 ? 3_000 : 50_000
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            pair.client.onEstablished = { $0.write(payload) }
            var echoed = 0
            pair.server.onBytes = { stream in
                stream.write(Array(pair.server.bytes[echoed...]))
                echoed = pair.server.bytes.count
            }
            #expect(runner.run { pair.client.bytes.count >= size || pair.client.end != nil })
            #expect(pair.client.bytes == payload)
            #expect(pair.server.facts?.version == "TLSv1.3")
            #expect(pair.server.peer?.fleet == "test")
            pair.dialled?.close()
            pair.accepted?.close()
        }
    }

    @Test("end with the client's goodbye, after which the server may still write", arguments: TLSRecords.allCases)
    func clientGoodbye(_ records: TLSRecords) throws {
        let pair = try connect(records)
        pair.client.onEstablished = { stream in
            stream.write([1, 2, 3])
            stream.close()
        }
        #expect(runner.run { pair.server.end != nil })
        #expect(pair.server.bytes == [1, 2, 3])
        #expect(pair.server.end == .closedByPeer)
        #expect(pair.accepted?.isClosed == false)
        pair.accepted?.write([4])
        pair.accepted?.close()
        #expect(pair.accepted?.isClosed == true)
    }

    @Test("end with the server's goodbye, and nothing is sent after it", arguments: TLSRecords.allCases)
    func serverGoodbye(_ records: TLSRecords) throws {
        let pair = try connect(records)
        pair.server.onEstablished = { stream in
            stream.write([1, 2, 3])
            stream.close()
            stream.write([4])
        }
        #expect(runner.run { pair.client.end != nil })
        #expect(pair.client.bytes == [1, 2, 3])
        #expect(pair.client.end == .closedByPeer)
        pair.dialled?.close()
    }

    @Test("survive a reset", arguments: TLSRecords.allCases)
    func reset(_ records: TLSRecords) throws {
        let pair = try connect(records)
        #expect(runner.run { pair.client.facts != nil && pair.server.facts != nil })
        pair.dialled?.reset()
        #expect(runner.run { pair.server.end != nil })
        #expect(pair.server.end == .reset)
        pair.accepted?.close()
        let next = try connect(records)
        #expect(runner.run { next.server.facts != nil })
        next.accepted?.reset()
        next.dialled?.close()
    }

    @Test("that were altered on their way end the connection with an alert", arguments: TLSRecords.allCases)
    func altered(_ records: TLSRecords) throws {
        let pair = try connect(records)
        #expect(runner.run { pair.server.facts != nil && pair.client.facts != nil })
        // Behind the client's back: bytes that its keys did not seal.
        let stream = try #require(pair.accepted)
        let record = [23, 3, 3, 0, 30] + [UInt8](repeating: 9, count: 30)
        stream.stream(try #require(pair.rawStream), received: record.span)
        guard case .tls(let text, _) = pair.server.end else {
            Issue.record("\(String(describing: pair.server.end))")
            return
        }
        #expect(text.hasPrefix("TLS read: "))
        #expect(runner.run { pair.client.end != nil })
        guard case .tls(_, .peerAlert(let alert)) = pair.client.end else {
            Issue.record("\(String(describing: pair.client.end))")
            return
        }
        #expect(alert.hasPrefix("bad record mac"))
    }
}
