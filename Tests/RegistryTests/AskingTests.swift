import ErrorCatalogue
import TestSupport
import Testing

@testable import Registry

@Suite("Asking before judging")
struct AskingTests {
    private func fleet(_ count: UInt64, _ policy: AskPolicy = .connection, perSecond: Int = 100) -> Registry {
        var settings = RegistrySettings(serverName: "cs-01")
        settings.askSuspects = policy
        settings.asksPerSecond = perSecond
        var registry = Registry.fresh(settings)
        for number in 0..<count { registry.registerAndCommit(registration(number + 1), at: t0) }
        return registry
    }

    private func questions(_ effects: Effects) -> [Question] {
        effects.compactMap { if case .ask(let question) = $0 { question } else { nil } }
    }

    private let yes = Answer(.echo(sent: 2), isAnswered: true, after: .milliseconds(3))
    private let no = Answer(.echo(sent: 2), isAnswered: false, after: .seconds(2))
    private let confirmed = Answer(
        .connection(unconfirmed: 0, sentAgain: 0), isAnswered: true, after: .milliseconds(500))
    private let unconfirmed = Answer(
        .connection(unconfirmed: 2, sentAgain: 4), isAnswered: false, after: .milliseconds(500))

    @Test("a suspect is asked at once over its open connection, and again four times an interval until it is heard")
    func suspectIsAsked() {
        var registry = fleet(3)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(35))
        #expect(registry.nextDeadline == t0 + .seconds(35))
        let expected = Question(node: id(1), sessions: [session(1)], machine: nil)
        #expect(questions(registry.tick(at: t0 + .seconds(35))) == [expected])
        #expect(questions(registry.tick(at: t0 + .seconds(36))) == [])
        #expect(questions(registry.tick(at: t0 + .milliseconds(42_500))) == [expected])
        _ = registry.heardAgain(session(1), at: t0 + .seconds(43))
        #expect(questions(registry.tick(at: t0 + .seconds(60))) == [])
        #expect(registry[1]?.asked == [])
    }

    @Test("nobody is asked where that is switched off, and nobody without a connection unless machines may be asked")
    func policies() {
        var off = fleet(2, .off)
        _ = off.silent(session(1), since: t0, at: t0 + .seconds(35))
        #expect(questions(off.tick(at: t0 + .seconds(35))) == [])

        var connection = fleet(2)
        _ = connection.connectionLost(session(1), .timedOut, lastHeard: t0, at: t0 + .seconds(35))
        #expect(questions(connection.tick(at: t0 + .seconds(35))) == [])
        #expect((connection.nextDeadline ?? t0) > t0 + .seconds(35))

        var machine = fleet(2, .machine)
        _ = machine.connectionLost(session(1), .timedOut, lastHeard: t0, at: t0 + .seconds(35))
        let door = Question.Machine(address: "10.1.0.2", port: 20004)
        #expect(
            questions(machine.tick(at: t0 + .seconds(35))).last == Question(node: id(1), sessions: [], machine: door))
    }

    @Test("a machine is asked at an address that its own connection has shown, never at one that is only its word")
    func provenAddress() {
        var registry = fleet(1, .machine)
        var behindNAT = registration(2)
        behindNAT.connection.peerAddress = "198.51.100.7:4000"
        registry.registerAndCommit(behindNAT, at: t0)
        _ = registry.silent(session(2), since: t0, at: t0 + .seconds(35))
        #expect(
            questions(registry.tick(at: t0 + .seconds(35))) == [
                Question(node: id(2), sessions: [session(2)], machine: nil)
            ])
    }

    @Test("what the kernel confirms of a question decides the verdict, with its numbers")
    func connectionEvidence() throws {
        var registry = fleet(4)
        for number in [1, 2] as [UInt64] {
            _ = registry.silent(session(number), since: t0, at: t0 + .seconds(35))
        }
        _ = registry.tick(at: t0 + .seconds(35))
        _ = registry.answered(session(1), confirmed, at: t0 + .seconds(36))
        _ = registry.answered(session(2), unconfirmed, at: t0 + .seconds(36))
        #expect(registry[1]?.asked.map(\.source) == ["connection"])
        _ = registry.tick(at: t0 + .seconds(90))
        // The path was up after 36 s: what an outage before held back may take its time.
        #expect(registry[1]?.reachability == .suspect)
        #expect(registry[2]?.findings.first?.form.row == "78093-asked-down")
        #expect(
            registry[2]?.findings.first?.evidence.contains {
                $0.text.contains("segments waiting 2, sent again 4 times in a row")
            } == true)
        _ = registry.tick(at: t0 + .seconds(360))
        #expect(registry[1]?.findings.first?.form.row == "78174-asked-up")
        try registry.checkInvariants()
    }

    @Test("a proxy that confirms in a machine's place is no answer of the machine")
    func proxyConfirms() {
        var registry = fleet(3)
        var behindProxy = registration(4)
        behindProxy.connection.peerAddress = "198.51.100.7:4000"
        registry.registerAndCommit(behindProxy, at: t0)
        _ = registry.silent(session(4), since: t0, at: t0 + .seconds(35))
        _ = registry.answered(session(4), confirmed, at: t0 + .seconds(36))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry[4]?.findings.first?.form.row == "78093-neighbours")
        #expect(registry[4]?.asked.count == 1)
    }

    @Test("no answer from outside counts only where machines of the site are known to answer")
    func shieldedSite() throws {
        var registry = fleet(4, .machine)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(35))
        // Somebody of the site who is heard is asked, too.
        let asked = questions(registry.tick(at: t0 + .seconds(35)))
        #expect(asked.map(\.node) == [id(4), id(1)])
        _ = registry.answered(id(1), [no], at: t0 + .seconds(37))
        _ = registry.tick(at: t0 + .seconds(90))
        #expect(registry[1]?.findings.first?.form.row == "78093-neighbours")
        #expect(registry[1]?.asked.last?.text.contains("no machine of site east") == true)
        // The witness answers after all: from now on silence means something.
        _ = registry.answered(id(4), [yes], at: t0 + .seconds(91))
        _ = registry.answered(id(1), [no], at: t0 + .seconds(92))
        #expect(registry[1]?.findings.first?.form.row == "78093-asked-down")
        try registry.checkInvariants()
    }

    @Test("an answer from before the node was last heard says nothing about this silence")
    func oldAnswer() {
        var registry = fleet(3)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(35))
        _ = registry.answered(session(1), unconfirmed, at: t0 + .seconds(36))
        _ = registry.heardAgain(session(1), at: t0 + .seconds(40))
        #expect(registry.answered(session(1), unconfirmed, at: t0 + .seconds(41)) == .none)
        _ = registry.silent(session(1), since: t0 + .seconds(40), at: t0 + .seconds(75))
        #expect(registry[1]?.asked == [])
        _ = registry.tick(at: t0 + .seconds(130))
        #expect(registry[1]?.findings.first?.form.row == "78093-neighbours")
    }

    @Test("a lost site costs a sample of questions, not one for each machine; an answer lets the others be asked")
    func lostSite() throws {
        var registry = fleet(2_000)
        let fall = t0 + .seconds(35)
        for number in 1...2_000 as ClosedRange<UInt64> { _ = registry.silent(session(number), since: t0, at: fall) }
        var count = 0
        for step in 0..<60 { count += questions(registry.tick(at: fall + .milliseconds(100 * step))).count }
        #expect(count == AskQueue.sampleCount)
        _ = registry.heardAgain(session(1_000), at: fall + .seconds(6))
        count = 0
        for step in 60..<74 { count += questions(registry.tick(at: fall + .milliseconds(100 * step))).count }
        // Still more of it are silent than heard: sample by sample, each answer buys the next one.
        #expect(count > 0 && count <= AskQueue.sampleCount)
    }

    @Test("no more is asked in a second than the rate allows, and sites take turns")
    func rateAndFairness() {
        var registry = fleet(0, perSecond: 10)
        // One large site of which most are heard, and a small one.
        for number in 1...1_000 as ClosedRange<UInt64> {
            registry.registerAndCommit(registration(number, site: number <= 995 ? "large" : "small"), at: t0)
        }
        let fall = t0 + .seconds(35)
        for number in 1...400 as ClosedRange<UInt64> { _ = registry.silent(session(number), since: t0, at: fall) }
        _ = registry.silent(session(1_000), since: t0, at: fall)
        var asked: [NodeID] = []
        for step in 0..<40 { asked += questions(registry.tick(at: fall + .milliseconds(100 * step))).map(\.node) }
        // A second's worth at once, and what three seconds and nine tenths bring.
        #expect(asked.count <= 49 && asked.count >= 45)
        #expect(asked.firstIndex(of: id(1_000)).map { $0 < 20 } == true)
    }

    @Test("a bucket holds a second's worth, and fills at its rate")
    func bucket() {
        var bucket = TokenBucket(perSecond: 4)
        var taken = 0
        while bucket.take(at: t0) { taken += 1 }
        #expect(taken == 4)
        #expect(bucket.next == t0 + .milliseconds(250))
        let (early, due) = (bucket.take(at: t0 + .milliseconds(249)), bucket.take(at: t0 + .milliseconds(250)))
        #expect(!early && due)
    }

    @Test("a machine that answers buys its program four times the patience")
    func patience() {
        let settings = RegistrySettings()
        #expect(settings.silenceBeforeVerdict(isAnswered: false) == .seconds(90))
        #expect(settings.silenceBeforeVerdict(isAnswered: true) == .seconds(360))
        #expect(settings.silenceBeforeVerdict(isAnswered: true, heldUp: .seconds(300)) == .seconds(390))
        #expect(settings.silenceBeforeVerdict(isAnswered: false, heldUp: .seconds(300)) == .seconds(90))
    }
}
