import Foundation
import TestSupport
import Testing

@testable import EventLoop

/// What finds out what is wrong with a path, on this machine's own loopback.
@Suite("Path tools")
struct PathToolTests {
    private let runner: LoopRunner
    private let loopback: SocketAddress

    init() throws {
        runner = try LoopRunner()
        loopback = try #require(SocketAddress(host: "127.0.0.1", port: 0))
    }

    private func dial(_ address: SocketAddress, _ options: DialOptions = DialOptions()) -> DiagnosticDial.Outcome? {
        var outcome: DiagnosticDial.Outcome?
        let dial = DiagnosticDial(to: address, options, on: runner.loop) { outcome = $0 }
        _ = runner.run { outcome != nil }
        withExtendedLifetime(dial) {}
        return outcome
    }

    @Test func `a dial with options connects, and the kernel tells of the connection`() throws {
        let socket = try #require(try ListeningSocket.listen(on: loopback, count: 1).first)
        var options = DialOptions()
        options.segmentBytesMax = 536
        options.source = SocketAddress(host: "127.0.0.9", port: 0)
        guard case .connected(let stream) = dial(socket.address, options) else {
            Issue.record("not connected")
            return
        }
        #expect(stream.localAddress?.host == "127.0.0.9")
        #expect(try #require(stream.figures).segmentBytes <= 536)
        stream.write([1, 2, 3])
        #expect(runner.run { stream.figures?.unconfirmedSegments == 0 })
        let figures = try #require(stream.figures)
        #expect(figures.sentBytes == 3 && figures.confirmedBytes >= 3 && figures.segmentsSent >= 2)
        stream.close()
        #expect(stream.figures == nil)
        socket.close()
    }

    @Test func `a refusal on this machine has no ICMP report`() throws {
        let socket = try #require(try ListeningSocket.listen(on: loopback, count: 1).first)
        socket.close()
        guard case .failed(let error, let report) = dial(socket.address) else {
            Issue.record("connected to nobody")
            return
        }
        #expect(error.isConnectionRefused && report == nil)
    }

    @Test func `an interface that does not exist is an error with its name`() throws {
        var options = DialOptions()
        options.interface = "nosuch0"
        guard case .failed(let error, _) = dial(loopback.with(port: 9), options) else {
            Issue.record("connected by no interface")
            return
        }
        #expect(error.operation.contains("nosuch0") && ["ENODEV", "EPERM"].contains(error.name))
    }

    @Test func `a dial that is cancelled says nothing`() throws {
        let socket = try #require(try ListeningSocket.listen(on: loopback, count: 1).first)
        var hasAnswered = false
        let dial = DiagnosticDial(to: socket.address, on: runner.loop) { _ in hasAnswered = true }
        dial.cancel()
        var turns = 0
        _ = runner.run {
            turns += 1
            return turns > 20
        }
        #expect(!hasAnswered)
        socket.close()
    }

    @Test(arguments: [
        (false, 3, 0, UnreachableReport.Meaning.network), (false, 3, 1, .host), (false, 3, 3, .port),
        (false, 3, 4, .tooLarge(1400)), (false, 3, 13, .prohibited), (false, 11, 0, .hopsExceeded),
        (false, 12, 1, .other(type: 12, code: 1)), (true, 1, 0, .network), (true, 1, 1, .prohibited),
        (true, 1, 3, .host),
        (true, 1, 4, .port), (true, 2, 0, .tooLarge(1400)), (true, 3, 0, .hopsExceeded),
    ])
    func `ICMP's numbers have meanings`(
        _ isIPv6: Bool, _ type: Int, _ code: Int, _ meaning: UnreachableReport.Meaning
    ) {
        #expect(UnreachableReport.meaning(isIPv6: isIPv6, type, code, 1400) == meaning)
    }

    @Test func `an echo on this machine is answered, or it is said why none was sent`() {
        var figures: EchoFigures?
        let echo = EchoProbe(
            to: loopback, count: 3, every: .milliseconds(1), within: .seconds(20), on: runner.loop
        ) { figures = $0 }
        #expect(runner.run { figures != nil })
        withExtendedLifetime(echo) {}
        #expect(
            figures?.failure != nil || figures?.roundTrips.count == 3 && figures?.hopsLeft == 64, "\(figures as Any)")
    }

    @Test func `the checksum is that of RFC 1071`() {
        #expect(EchoProbe.checksum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
        #expect(EchoProbe.checksum([0xFF]) == 0x00FF)
    }

    @Test func `a route on this machine has its source and its size`() throws {
        let look = RouteLook(to: loopback)
        #expect(look.source?.host == "127.0.0.1" && look.failure == nil)
        #expect(try #require(look.pathBytes) >= 16_384)
        #expect(NetworkInterface.all().contains { $0.kind == .loopback && $0.addresses.contains("127.0.0.1") })
    }

    @Test func `tunnels are known by their hardware type or their name`() {
        #expect(NetworkInterface.kind(hardware: 65534, name: "x0") == .tunnel)
        #expect(NetworkInterface.kind(hardware: 1, name: "tap0") == .tunnel)
        #expect(NetworkInterface.kind(hardware: 1, name: "eth0") == .ethernet)
        #expect(NetworkInterface.kind(hardware: 772, name: "lo") == .loopback)
    }

    @Test func `a question to a port where nobody listens is refused, not unanswered`() throws {
        // A TCP port that was free a moment ago is no UDP port of anybody.
        let socket = try #require(try ListeningSocket.listen(on: loopback, count: 1).first)
        socket.close()
        var result: Result<[UInt8], LoopError>??
        let exchange = DatagramExchange(asking: socket.address, [1], within: .seconds(20), on: runner.loop) {
            result = .some($0)
        }
        #expect(runner.run { result != nil })
        withExtendedLifetime(exchange) {}
        guard case .failure(let error)?? = result else {
            Issue.record("\(result as Any)")
            return
        }
        #expect(error.isConnectionRefused)
    }
}
