import Foundation
import RollcallProtocol
import Testing

/// A server and a well-behaved agent that all tests of abuse share: whatever one of them does, this agent must not
/// notice.
final class LiveFleet: @unchecked Sendable {
    /// The one. Its processes end with the tests.
    static let shared = Task { try await LiveFleet() }

    let fleet: TestFleet
    let server: ServerProcess
    let agent: AgentProcess

    private init() async throws {
        fleet = try await TestFleet()
        server = try await ServerProcess(fleet, interval: "500ms")
        agent = try AgentProcess("bystander", identity: try await fleet.node("bystander"), server: server)
        try await server.until("the bystander is reachable", logs: [agent.child]) {
            try await $0.nodes()
        } _: {
            $0.first?.reachability == "reachable"
        }
    }

    /// A node that has registered.
    func registeredNode(_ name: String) throws -> WireClient {
        let client = try WireClient(server, identity: try fleet.nodeIdentity())
        let answer = try client.call(.register(name))
        guard answer.status == 0 else { throw NeverHappened(description: "\(answer)") }
        return client
    }

    /// The agent is on its first connection still, and never was silent; the server serves newcomers.
    func checkBystander(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(server.child.isRunning, "\(server.child.tail)", sourceLocation: sourceLocation)
        #expect(try WireClient(server).call(.ping("hello")).status == 0, sourceLocation: sourceLocation)
        let story = try await server.node("bystander")
        #expect(story.node.reachability == "reachable", "\(story.history)", sourceLocation: sourceLocation)
        #expect(story.node.components.first?.connected == true, sourceLocation: sourceLocation)
        #expect(agent.registrations == 1, "\(agent.child.tail)", sourceLocation: sourceLocation)
        #expect(!agent.child.log.contains("connection lost"), "\(agent.child.tail)", sourceLocation: sourceLocation)
    }
}
