import RollcallProtocol
import Testing

@testable import AgentClient

@Suite("An agent's life")
struct AgentMachineTests {
    @Test func `dials, registers with everything it knows, and beats on a schedule`() {
        var agent = Agent()
        _ = agent.seen(.scout(.running))
        #expect(agent.start() == [.dial])
        let registration = agent.connected().requests
        #expect(registration.first?.register.hostname == "web-03")
        #expect(registration.first?.register.services == [.scout(.running)])
        #expect(registration.first?.register.sentUnixMs == 1_800_000_000_000)
        let events = agent.answerRegistration(registration[0].id, interval: .seconds(30)).events
        #expect(
            events == [.registered(.init(nodeID: [], interval: .seconds(30), serverVersion: "", observedAddress: ""))])
        #expect(agent.machine.isRegistered)
        #expect(agent.pass(.milliseconds(29_999)) == [])
        let beat = agent.pass(.milliseconds(1)).heartbeats
        #expect(beat.map(\.sequence) == [1])
        #expect(beat.first?.sentUnixMs == 1_800_000_030_000)
        #expect(beat.first?.services == [])
    }

    @Test func `the boot tag is the last eight bytes of the boot id, little-endian`() {
        var agent = Agent()
        agent.register()
        #expect(agent.passToDeadline().heartbeats.first?.bootTag == 0x100F_0E0D_0C0B_0A09)
    }

    @Test func `a late beat does not move the ones after it`() {
        var agent = Agent()
        agent.register(interval: .seconds(30))
        let late = agent.pass(.seconds(37)).requests
        #expect(late.count == 1)
        _ = agent.answerHeartbeat(late[0].id)
        #expect(agent.pass(.seconds(22)).isEmpty)
        #expect(agent.pass(.seconds(1)).heartbeats.map(\.sequence) == [2])
    }

    @Test func `after a suspended night one beat is sent, not a thousand`() {
        var agent = Agent()
        agent.register(interval: .seconds(30))
        #expect(agent.pass(.seconds(9 * 3600 + 7)).heartbeats.count == 1)
        #expect(agent.machine.deadline == agent.now.monotonic + .seconds(20), "the answer is due before the next beat")
    }

    @Test func `the server's new interval counts from the last beat`() {
        var agent = Agent()
        agent.register(interval: .seconds(30))
        let beat = agent.pass(.seconds(30)).requests
        _ = agent.pass(.seconds(1))
        let events = agent.answerHeartbeat(beat[0].id, interval: .seconds(10)).events
        #expect(events.last == .intervalChanged(from: .seconds(30), to: .seconds(10)))
        #expect(agent.pass(.seconds(8)).isEmpty)
        #expect(agent.pass(.seconds(1)).heartbeats.count == 1)
    }

    @Test func `a heartbeat that nobody answers ends the connection`() {
        var agent = Agent(AgentTimings(answerLimit: .seconds(20)))
        agent.register(interval: .seconds(5))
        #expect(agent.passToDeadline().heartbeats.count == 1)
        for _ in 1...3 { #expect(agent.pass(.seconds(5)).heartbeats.count == 1) }
        let actions = agent.pass(.seconds(5))
        #expect(actions.first == .close)
        #expect(actions.events.first == .connectionLost("a heartbeat was not answered within 20s"))
        #expect(actions.delay != nil)
        #expect(!agent.machine.isRegistered)
    }

    @Test func `not more than a few heartbeats wait for an answer at once`() {
        var agent = Agent(AgentTimings(answerLimit: .seconds(1000)))
        agent.register(interval: .seconds(1))
        let sent = (1...50).reduce(0) { count, _ in count + agent.pass(.seconds(1)).heartbeats.count }
        #expect(sent == AgentMachine.unansweredMax)
    }

    @Test func `a dial that leads nowhere is given up and tried again`() {
        var agent = Agent(AgentTimings(dialLimit: .seconds(30)))
        _ = agent.start()
        let actions = agent.pass(.seconds(30))
        #expect(actions.first == .close)
        #expect(actions.events.first == .dialFailed("no connection within 30s"))
        #expect(agent.passToDeadline() == [.dial])
    }

    @Test func `an unanswered registration is given up`() {
        var agent = Agent(AgentTimings(registrationLimit: .seconds(30)))
        _ = agent.start()
        _ = agent.connected()
        #expect(
            agent.pass(.seconds(30)).events.first
                == .connectionLost("the registration was not answered within 30s"))
    }

    @Test(arguments: [StatusCode.unavailable, .resourceExhausted, .permissionDenied, .invalidArgument])
    func `a refused registration backs off and tells the server's words`(_ code: StatusCode) {
        var agent = Agent()
        _ = agent.start()
        let id = agent.connected().requests[0].id
        let actions = agent.answer(id, code, "registry cannot\nbe written")
        #expect(actions.contains(.close))
        #expect(actions.events.first == .registrationRefused(code, message: "registry cannot be written"))
        #expect(actions.delay != nil)
        #expect(agent.passToDeadline() == [.dial])
    }

    @Test func `days without a server: always one attempt at a time, never further apart than the limit`() {
        var agent = Agent(AgentTimings(longestRetry: .seconds(60)))
        _ = agent.start()
        var attempts = 0
        var longest = Duration.zero
        while agent.now.monotonic < .seconds(5 * 86_400) {
            let delay = agent.closed("connection refused").delay ?? .zero
            longest = max(longest, delay)
            #expect(agent.passToDeadline() == [.dial])
            attempts += 1
        }
        #expect(longest <= .seconds(60))
        // 45 s on average.
        #expect(attempts > 5 * 86_400 / 60 && attempts < 5 * 86_400 / 30)
        _ = agent.answerRegistration(agent.connected().requests[0].id)
        #expect(agent.machine.isRegistered)
    }

    @Test func `a registration that does not hold does not reset the back-off`() {
        var agent = Agent(AgentTimings(steadyAfter: .seconds(10), firstRetry: .seconds(1), longestRetry: .seconds(64)))
        _ = agent.start()
        for _ in 1...8 {
            _ = agent.answerRegistration(agent.connected().requests[0].id)
            _ = agent.closed("reset by peer")
            _ = agent.passToDeadline()
        }
        _ = agent.answerRegistration(agent.connected().requests[0].id)
        #expect(agent.closed("reset by peer").delay ?? .zero >= .seconds(32))
    }

    @Test func `one that held does`() {
        var agent = Agent(AgentTimings(steadyAfter: .seconds(10), firstRetry: .seconds(1), longestRetry: .seconds(64)))
        _ = agent.start()
        for _ in 1...8 {
            _ = agent.closed("connection refused")
            _ = agent.passToDeadline()
        }
        _ = agent.answerRegistration(agent.connected().requests[0].id)
        _ = agent.answerHeartbeat(agent.pass(.seconds(30)).requests[0].id)
        let actions = agent.closed("reset by peer")
        #expect(actions.events.first == .connectionLost("reset by peer"))
        #expect(actions.delay ?? .seconds(99) <= .seconds(1))
    }

    @Test func `what comes after the end of a connection changes nothing`() {
        var agent = Agent()
        agent.register()
        let beat = agent.passToDeadline().requests[0]
        _ = agent.closed("reset by peer")
        let deadline = agent.machine.deadline
        #expect(agent.answerHeartbeat(beat.id) == [])
        #expect(agent.closed("again") == [])
        #expect(agent.connected() == [])
        #expect(agent.machine.deadline == deadline)
    }
}

@Suite("What a server can ask of an agent")
struct AgentRequestsTests {
    @Test func `to come back in a slot of its own`() {
        var agent = Agent()
        agent.register()
        let actions = agent.notice(
            .comeBack(
                .with {
                    $0.afterMs = 7_500
                    $0.reason = "the server restarts"
                }))
        #expect(
            actions == [
                .tell(.toldToComeBack(after: .milliseconds(7_500), reason: "the server restarts")), .close,
                .tell(.nextAttempt(after: .milliseconds(7_500))),
            ])
        #expect(agent.pass(.milliseconds(7_499)) == [])
        #expect(agent.pass(.milliseconds(1)) == [.dial])
    }

    @Test func `to come back at once is still not all in one moment`() {
        var agent = Agent()
        agent.register()
        #expect(agent.notice(.comeBack(.init())).delay ?? .zero >= .milliseconds(500))
    }

    @Test func `whether it lives: it pings at once, and its beats go on as they were`() {
        var agent = Agent()
        #expect(agent.notice(.ask(.init())) == [], "nobody to answer yet")
        agent.register(interval: .seconds(30))
        _ = agent.pass(.seconds(10))
        let answer = agent.notice(.ask(.init()))
        #expect(answer.events == [.asked])
        #expect(answer.requests.map(\.method) == [.ping(.init())])
        #expect(agent.answer(answer.requests[0].id, result: .ping(.init())) == [])
        #expect(agent.pass(.milliseconds(19_999)) == [])
        #expect(agent.pass(.milliseconds(1)).heartbeats.map(\.sequence) == [1])
    }

    @Test func `to report in full, by a notice and by an answer`() {
        var agent = Agent()
        _ = agent.seen(.scout(.stopped))
        agent.register()
        let again = agent.notice(.reportInFull(.init()))
        #expect(again.requests.first?.register.services == [.scout(.stopped)])
        #expect(agent.notice(.reportInFull(.init())) == [], "one is under way")
        #expect(agent.answerRegistration(again.requests[0].id).events.count == 1)
        let beat = agent.passToDeadline().requests[0]
        let asked = agent.answerHeartbeat(beat.id, inFull: true)
        #expect(asked.requests.first?.register.hostname == "web-03")
        #expect(agent.machine.isRegistered, "it goes on beating meanwhile")
    }

    @Test func `a registry that cannot be written keeps an agent that is registered`() {
        var agent = Agent()
        agent.register()
        let again = agent.notice(.reportInFull(.init())).requests[0]
        #expect(agent.answer(again.id, .unavailable, "disk full").contains(.close) == false)
        #expect(agent.passToDeadline().heartbeats.count == 1)
    }

    @Test func `to register, when it has forgotten this agent`() {
        var agent = Agent()
        agent.register()
        let beat = agent.passToDeadline().requests[0]
        #expect(
            agent.answer(beat.id, .failedPrecondition, "register first").requests.first?.register.hostname == "web-03")
    }

    @Test func `to go, when its certificate is revoked`() {
        var agent = Agent()
        agent.register()
        let beat = agent.passToDeadline().requests[0]
        #expect(agent.answer(beat.id, .permissionDenied, "revoked").contains(.close))
        #expect(!agent.machine.isRegistered)
    }

    @Test func `nothing by a notice of a newer kind`() {
        var agent = Agent()
        agent.register()
        #expect(agent.answer(0, result: .notice(.init())) == [])
        #expect(
            agent.answer(0, .invalidArgument, "frame too long").events == [
                .objection(.invalidArgument, message: "frame too long")
            ])
        #expect(agent.machine.isRegistered)
    }

    @Test func `a clock that is a minute off is worth a word`() {
        var agent = Agent()
        _ = agent.start()
        let id = agent.connected().requests[0].id
        let answer = WireRegisterResponse.with { $0.serverTimeUnixMs = 1_800_000_000_000 + 90_000 }
        #expect(agent.answer(id, result: .register(answer)).events.last == .clockDiffers(by: .seconds(-90)))
    }
}

@Suite("What a heartbeat carries")
struct HeartbeatContentTests {
    @Test func `a change is sent at once, and the schedule stays`() {
        var agent = Agent()
        _ = agent.seen(.scout(.running), .sentinel(.running))
        agent.register(interval: .seconds(30))
        _ = agent.pass(.seconds(5))
        let extra = agent.seen(.scout(.stopped), .sentinel(.running))
        #expect(extra.heartbeats.map(\.services) == [[.scout(.stopped)]])
        _ = agent.answerHeartbeat(extra.requests[0].id)
        #expect(agent.pass(.seconds(25)).heartbeats.map(\.services) == [[]])
    }

    @Test func `a change is sent again until it is answered`() {
        var agent = Agent()
        agent.register(interval: .seconds(5))
        #expect(agent.seen(.scout(.stopped)).heartbeats.map(\.services.count) == [1])
        let second = agent.pass(.seconds(5))
        #expect(second.heartbeats.map(\.services) == [[.scout(.stopped)]])
        _ = agent.answerHeartbeat(second.requests[0].id)
        #expect(agent.pass(.seconds(5)).heartbeats.map(\.services) == [[]])
    }

    @Test func `down and up again between two answers ends with what is true`() {
        var agent = Agent()
        _ = agent.seen(.scout(.running))
        agent.register(interval: .seconds(5))
        let down = agent.seen(.scout(.stopped)).requests[0]
        #expect(agent.seen(.scout(.running)).heartbeats.map(\.services) == [[.scout(.running)]])
        _ = agent.answerHeartbeat(down.id)
        #expect(agent.pass(.seconds(5)).heartbeats.map(\.services) == [[.scout(.running)]])
    }

    @Test func `a change during the registration follows it at once`() {
        var agent = Agent()
        _ = agent.seen(.scout(.running))
        _ = agent.start()
        let id = agent.connected().requests[0].id
        #expect(agent.seen(.scout(.stopped)).requests == [])
        #expect(agent.answerRegistration(id).heartbeats.map(\.services) == [[.scout(.stopped)]])
    }

    @Test func `a refused heartbeat settles nothing`() {
        var agent = Agent()
        agent.register(interval: .seconds(5))
        let beat = agent.seen(.scout(.stopped)).requests[0]
        _ = agent.answer(beat.id, .unavailable, "busy")
        #expect(agent.pass(.seconds(5)).heartbeats.map(\.services) == [[.scout(.stopped)]])
    }

    @Test func `the load goes with one heartbeat, until it is answered`() {
        var agent = Agent()
        agent.register(interval: .seconds(5))
        agent.machine.loadMeasured(.with { $0.loadAverage1M = 0.5 })
        let first = agent.pass(.seconds(5))
        #expect(first.heartbeats.map(\.hasLoad) == [true])
        _ = agent.answerHeartbeat(first.requests[0].id)
        #expect(agent.pass(.seconds(5)).heartbeats.map(\.hasLoad) == [false])
    }

    @Test func `a process server that cannot be reached is told at once, and again after each registration`() {
        let closed = WireDataPath.with { ($0.processServer, $0.port, $0.detail) = ("ps-01", 9_443, "refused") }
        var agent = Agent()
        agent.register()
        let first = agent.tried(closed)
        #expect(first.heartbeats.map(\.dataPath) == [closed] && first.events == [.dataPathChanged(closed)])
        _ = agent.answerHeartbeat(first.requests[0].id)
        #expect(agent.pass(.seconds(30)).heartbeats.map(\.hasDataPath) == [false])

        // The server may have forgotten it meanwhile. Good news can wait for the next beat.
        _ = agent.closed("reset")
        _ = agent.passToDeadline()
        let id = agent.connected().requests[0].id
        let again = agent.answer(id, result: .register(.init()))
        #expect(again.heartbeats.map(\.dataPath) == [closed])
    }

    @Test func `what has not changed is not sent`() {
        var agent = Agent()
        _ = agent.seen(.scout(.running))
        agent.register()
        #expect(agent.seen(.scout(.running)) == [])
    }
}

@Suite("Goodbye")
struct GoodbyeTests {
    @Test func `is said, waited for, and then the agent is done`() {
        var agent = Agent()
        agent.register()
        let leave = agent.stop(.serviceStop).requests
        #expect(leave.first?.leave.reason == .serviceStop)
        #expect(
            agent.answer(leave[0].id, result: .leave(.init()))
                == [.tell(.saidGoodbye(confirmed: true)), .close, .finish])
        #expect(agent.machine.isFinished)
        #expect(agent.machine.deadline == nil)
    }

    @Test func `is not waited for beyond its limit`() {
        var agent = Agent(AgentTimings(goodbyeLimit: .seconds(3)))
        agent.register()
        _ = agent.stop(.shutdown)
        #expect(agent.pass(.seconds(3)) == [.tell(.saidGoodbye(confirmed: false)), .close, .finish])
    }

    @Test func `is not said where nobody listens`() {
        var waiting = Agent()
        _ = waiting.start()
        _ = waiting.closed("connection refused")
        #expect(waiting.stop(.serviceStop) == [.finish])
        var dialling = Agent()
        _ = dialling.start()
        #expect(dialling.stop(.serviceStop) == [.close, .finish])
        #expect(dialling.stop(.serviceStop) == [])
    }

    @Test func `a connection that ends meanwhile ends the agent`() {
        var agent = Agent()
        agent.register()
        _ = agent.stop(.serviceStop)
        #expect(agent.closed("reset by peer") == [.tell(.saidGoodbye(confirmed: false)), .finish])
    }
}
