import Foundation
import RollcallProtocol
import Testing

extension EndToEnd {
    @Suite("Who may ask what")
    struct AccessTests {
        @Test("The local socket and an operator's certificate give the same answer")
        func sameAnswer() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let node = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try node.call(.register("web-01")).status == 0)
            // A node that has left does not change any more.
            #expect(try node.call(.with { $0.leave.reason = .serviceStop }).status == 0)

            let remote = ["--server", server.address, "--identity", try await fleet.operator("alice")]
            for command in [["nodes"], ["node", "web-01"], ["errors", "--all"]] {
                let here = try await Program.run(command + ["--json", "--data", fleet.data])
                let there = try await Program.run(command + ["--json"] + remote)
                #expect(here.status == there.status && here.output == there.output, "\(here)\n\(there)")
                #expect(!here.output.isEmpty)
            }
            let status = try await Program.run(["status", "--json"] + remote)
            #expect(try Answers.read(status.output, as: StatusAnswer.self).nodes == 1)
        }

        @Test("A node may not ask as an operator, an operator not speak as a node, a stranger neither; all may ping")
        func refusals() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let denied = StatusCode.permissionDenied.rawValue
            let operatorQuestions: [WireRequest] = [
                .with { $0.getStatus = .init() }, .with { $0.listNodes = .init() },
                .with { $0.getNode.name = "web-01" }, .with { $0.listErrors = .init() },
                .with { $0.watchErrors = .init() },
            ]
            let nodeQuestions: [WireRequest] = [
                .register("web-01"), .heartbeat(1), .with { $0.leave = .init() },
            ]

            let node = try WireClient(server, identity: try fleet.nodeIdentity())
            for question in operatorQuestions { #expect(try node.call(question).status == denied) }
            #expect(try node.call(.ping()).ping.identity.hasPrefix("rollcall://test/node/"))

            let person = try WireClient(server, identity: try fleet.operatorIdentity("alice"))
            for question in nodeQuestions { #expect(try person.call(question).status == denied) }
            #expect(try person.call(.ping()).ping.identity == "rollcall://test/operator/alice")

            let stranger = try WireClient(server)
            for question in nodeQuestions + operatorQuestions { #expect(try stranger.call(question).status == denied) }
            #expect(try stranger.call(.ping()).ping.identity.isEmpty)
            #expect(try await server.nodes().isEmpty)
        }

        @Test("A certificate of another fleet's authority does not get in")
        func otherFleet() async throws {
            let fleet = try await TestFleet()
            let other = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let intruder = try WireClient(
                port: server.port, context: try fleet.context(), identity: try other.nodeIdentity())
            intruder.send(.register("intruder"))
            #expect(intruder.waitForEnd() != nil)
            #expect(intruder.responses.allSatisfy { $0.status != 0 })
            try await eventually("the attempt leaves a trace", logs: [server.child]) {
                server.child.log.contains("a connection came to nothing")
            }
            #expect(try await server.nodes().isEmpty)
        }
    }
}
