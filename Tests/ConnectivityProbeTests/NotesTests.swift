import EventLoop
import RollcallProtocol
import Testing

@testable import ConnectivityProbe

@Suite("Both ends compare notes")
struct NotesTests {
    private let address = SocketAddress(parsing: "192.0.2.7:443") ?? SocketAddress(path: "")

    private func line(sent: Int?, received: Int?, _ seen: AttemptSeen?) -> String {
        let made = AttemptMade("the TLS greeting", to: address, port: 40112, sent: sent, received: received)
        return NotesFindings.checks([made], seen.map { [$0] } ?? []).first?.detail.english ?? ""
    }

    private func seen(_ bytesIn: Int, _ bytesOut: Int) -> AttemptSeen {
        AttemptSeen(port: 40112, bytesIn: bytesIn, bytesOut: bytesOut, end: "nothing more came", reason: "stalled")
    }

    @Test func `bytes that left and did not arrive are named from both sides`() {
        let part = line(sent: 1418, received: 0, seen(1200, 0))
        #expect(part.contains("you sent 1,418 bytes, the server received the first 1,200"), "\(part)")
        #expect(line(sent: 1418, received: 0, seen(0, 0)).contains("received none of them"))
    }

    @Test func `an answer that was lost on its way back is named, too`() {
        let back = line(sent: 300, received: 0, seen(300, 2048))
        #expect(back.contains("received all of them and answered 2,048 bytes, of which 0 arrived here"), "\(back)")
    }

    @Test func `a connection that the server never saw ended in between`() {
        #expect(line(sent: 300, received: 0, nil).contains("the server knows of no such connection"))
        let made = AttemptMade("the TLS greeting", to: address, port: 1, sent: nil, received: nil)
        #expect(NotesFindings.checks([made], nil).first?.state == .unknown)
        #expect(NotesFindings.checks([], []).isEmpty)
    }

    @Test func `the server's answer is read with its port`() {
        var wire = WireAttempt()
        wire.peerAddress = "[2001:db8::7]:40112"
        wire.bytesIn = 7
        wire.end = .silence
        #expect(AttemptSeen(wire)?.port == 40112)
        #expect(AttemptSeen(wire)?.end.english == "nothing more came")
        wire.peerAddress = "nowhere"
        #expect(AttemptSeen(wire) == nil)
    }
}
