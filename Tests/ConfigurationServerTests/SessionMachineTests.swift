import Registry
import RollcallProtocol
import Testing

@testable import ConfigurationServer

@Suite("A session")
struct SessionMachineTests {
    private let node = SessionPeer.node(NodeID(high: 1, low: 2))

    private func machine(_ peer: SessionPeer) -> SessionMachine {
        var machine = SessionMachine()
        machine.established(peer)
        return machine
    }

    private func status(_ verdict: SessionMachine.Verdict) -> StatusCode? {
        if case .refuse(let status, _) = verdict { status } else { nil }
    }

    private func status(of method: WireRequest.OneOf_Method?, in machine: inout SessionMachine) -> StatusCode? {
        status(machine.received(method))
    }

    private func answered(_ machine: inout SessionMachine) -> Bool { machine.answered() }

    private func peerFinished(_ machine: inout SessionMachine) -> Bool { machine.peerFinished() }

    @Test("of a node: registers, beats, says goodbye")
    func life() {
        var machine = machine(node)
        #expect(status(of: .heartbeat(.init()), in: &machine) == .failedPrecondition)
        #expect(machine.received(.register(.init())) == .askRegistry)
        #expect(machine.phase == .established && machine.outstanding == 1)
        machine.admitted()
        #expect(answered(&machine) == false)
        #expect(machine.phase == .admitted && machine.outstanding == 0)
        #expect(machine.received(.heartbeat(.init())) == .askRegistry)
        #expect(answered(&machine) == false)
        #expect(machine.received(.leave(.init())) == .askRegistry)
        machine.left()
        #expect(answered(&machine) == false)
        #expect(status(of: .register(.init()), in: &machine) == .failedPrecondition)
    }

    @Test("lets a stranger compare notes, but not for ever")
    func notes() {
        var machine = machine(.stranger)
        for _ in 0..<SessionMachine.notesAskedMax {
            #expect(machine.received(.compareNotes(.init())) == .askRegistry)
            #expect(answered(&machine) == false)
        }
        #expect(status(of: .compareNotes(.init()), in: &machine) == .resourceExhausted)
        #expect(machine.received(.ping(.init())) == .answerHere)
    }

    @Test("lets each peer do what its certificate is for, and everybody ping")
    func permissions() {
        let agent: [WireRequest.OneOf_Method] = [.register(.init()), .heartbeat(.init()), .leave(.init())]
        let operators: [WireRequest.OneOf_Method] = [
            .getStatus(.init()), .listNodes(.init()), .getNode(.init()), .listErrors(.init()), .watchErrors(.init()),
        ]
        for peer in [SessionPeer.stranger, node, .operator("ann")] {
            var machine = machine(peer)
            #expect(machine.received(.ping(.init())) == .answerHere)
            for method in agent {
                let verdict = machine.received(method)
                #expect((status(verdict) == .permissionDenied) == (peer != node))
            }
            for method in operators {
                let verdict = machine.received(method)
                #expect((status(verdict) == .permissionDenied) == (peer != .operator("ann")))
            }
        }
    }

    @Test("answers a method it does not know, and goes on")
    func unknownMethod() {
        var machine = machine(node)
        #expect(status(of: nil, in: &machine) == .unimplemented)
        #expect(machine.received(.register(.init())) == .askRegistry)
    }

    @Test("has only so many requests under way")
    func outstanding() {
        var machine = machine(.operator("ann"))
        for _ in 0..<SessionMachine.outstandingMax { #expect(machine.received(.getStatus(.init())) == .askRegistry) }
        #expect(status(of: .getStatus(.init()), in: &machine) == .resourceExhausted)
        _ = machine.answered()
        #expect(machine.received(.getStatus(.init())) == .askRegistry)
    }

    @Test("of a peer that stopped sending ends when its last answer is given")
    func halfClosed() {
        var machine = machine(node)
        #expect(machine.received(.register(.init())) == .askRegistry)
        #expect(peerFinished(&machine) == false)
        #expect(answered(&machine))
        var idle = self.machine(node)
        #expect(peerFinished(&idle))
    }

    @Test("that watches has an id for each watch, and ends with its peer's input")
    func watches() {
        var machine = machine(.operator("ann"))
        #expect(machine.received(.watchErrors(.init()), id: 7) == .askRegistry)
        let again = machine.received(.watchErrors(.init()), id: 7)
        #expect(status(again) == .invalidArgument)
        #expect(machine.watches == [7])
        #expect(peerFinished(&machine))
    }

    @Test("takes nothing more after a goodbye, although the answer is still under way")
    func goodbye() {
        var machine = machine(node)
        _ = machine.received(.register(.init()))
        machine.admitted()
        _ = machine.answered()
        #expect(machine.received(.leave(.init())) == .askRegistry)
        #expect(status(of: .register(.init()), in: &machine) == .failedPrecondition)
        #expect(status(of: .leave(.init()), in: &machine) == .failedPrecondition)
    }

    @Test("takes short messages from strangers and long ones from those it knows")
    func limits() {
        #expect(machine(.stranger).messageBytesMax == FrameLimits.unauthenticatedMessageBytesMax)
        #expect(machine(node).messageBytesMax == FrameLimits.messageBytesMax)
    }

    @Test("of a server that drains answers pings and compares notes, and refuses all else")
    func draining() {
        var machine = machine(node)
        machine.drain()
        #expect(machine.received(.ping(.init())) == .answerHere)
        #expect(machine.received(.compareNotes(.init())) == .askRegistry)
        #expect(status(of: .register(.init()), in: &machine) == .unavailable)
    }
}

@Suite("The census")
struct ConnectionCensusTests {
    @Test("turns newcomers away at either limit, and lets in again when somebody left or proved who it is")
    func limits() {
        let census = ConnectionCensus(connections: 3, unauthenticated: 2)
        #expect(census.enter() == nil)
        #expect(census.enter() == nil)
        #expect(census.enter()?.contains("max-unauthenticated") == true)
        census.proved()
        #expect(census.enter() == nil)
        #expect(census.count == 3)
        #expect(census.enter()?.contains("max-connections") == true)
        census.leave(.proven)
        #expect(census.enter()?.contains("max-unauthenticated") == true)
        census.leave(.unproven)
        #expect(census.enter() == nil)
        #expect(census.count == 2)
    }
}

@Suite("Plain greetings")
struct PlainGreetingTests {
    private static func isHTTP(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return PlainGreeting.looksLikeHTTP(bytes.span)
    }

    @Test("go to those who speak HTTP, and to nobody else")
    func recognises() {
        for text in ["GET / HTTP/1.1\r\n", "POST /x HTTP/1.0", "OPTIONS", "HEAD / "] {
            #expect(Self.isHTTP(text), "\(text)")
        }
        for text in ["", "\0\0\0\0\u{18}", "hello", "GE T", "SSH-2.0-OpenSSH", "EHLOMYDEARSERVER"] {
            #expect(!Self.isHTTP(text), "\(text)")
        }
    }

    @Test("say how long they are")
    func length() throws {
        for overTLS in [true, false] {
            let text = String(decoding: PlainGreeting.page(overTLS: overTLS, hostname: "cs"), as: UTF8.self)
            let parts = text.components(separatedBy: "\r\n\r\n")
            #expect(parts.count == 2)
            #expect(parts[0].contains("Content-Length: \(parts[1].utf8.count)"))
            #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        }
    }
}
