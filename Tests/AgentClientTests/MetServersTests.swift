import Foundation
import RollcallProtocol
import Testing

@testable import AgentClient

@Suite("The servers an agent met")
struct MetServersTests {
    @Test func `a server that is older than before, and two that take turns, are worth a word; a restart is not`() {
        func tag(_ start: UInt64, _ run: UInt64) -> WireServerTag {
            .with { ($0.registryID, $0.start, $0.run, $0.host) = (Data(repeating: 1, count: 16), start, run, "cs-01") }
        }
        var agent = Agent()
        _ = agent.start()
        func register(_ tag: WireServerTag) -> [AgentEvent] {
            let request = agent.connected().requests[0]
            lasts.append(request.register.lastServer.run)
            let events = agent.answer(request.id, result: .register(.with { $0.server = tag })).events
            _ = agent.closed("reset")
            _ = agent.passToDeadline()
            return events.filter { if case .otherServer = $0 { true } else { false } }
        }
        var lasts: [UInt64] = []
        #expect(register(tag(5, 105)) == [])
        #expect(register(tag(6, 106)) == [])
        #expect(register(tag(4, 99)) == [.otherServer(tag(4, 99), before: tag(6, 106), isBack: false)])
        #expect(register(tag(6, 106)) == [.otherServer(tag(6, 106), before: tag(4, 99), isBack: true)])
        #expect(lasts == [0, 105, 106, 99])
    }
}
