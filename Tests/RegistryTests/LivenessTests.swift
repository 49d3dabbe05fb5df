import Registry
import TestSupport
import Testing

@Suite("Liveness")
struct LivenessTests {
    private let interval = Duration.seconds(30)
    /// Suspicion after one and a half intervals on every path.
    private let fixed = DeadlineTuning(floor: 1.5, ceiling: 1.5)

    private func tick(_ liveness: inout Liveness, at now: Instant) -> [LivenessNews] {
        var news: [LivenessNews] = []
        while liveness.tick(at: now, into: &news) {}
        return news
    }

    private func beat(
        _ liveness: inout Liveness, _ slot: LivenessSlot, _ sequence: UInt64, tag: UInt64 = 7, at now: Instant
    ) -> HeartbeatReply {
        liveness.heartbeat(slot, sequence: sequence, bootTag: tag, sentUnixMilliseconds: 0, at: now)
    }

    @Test("a session that beats in time is never news; one that stops is silent once, and heard again once")
    func lifeOfASession() {
        var liveness = Liveness(fixed)
        let slot = liveness.admit(session(1), interval: interval, bootTag: 7, at: t0)
        #expect(liveness.nextDeadline == t0 + .seconds(45))
        #expect(beat(&liveness, slot, 1, at: t0 + .seconds(30)) == .acknowledged)
        #expect(tick(&liveness, at: t0 + .seconds(45)) == [])
        #expect(liveness.nextDeadline == t0 + .seconds(75))
        #expect(tick(&liveness, at: t0 + .milliseconds(74_999)) == [])
        #expect(tick(&liveness, at: t0 + .seconds(75)) == [.silent(session(1), since: t0 + .seconds(30))])
        #expect(tick(&liveness, at: t0 + .seconds(300)) == [])
        #expect(liveness.nextDeadline == nil)
        #expect(beat(&liveness, slot, 2, at: t0 + .seconds(301)) == .heardAgain(wantsFullReport: false))
        #expect(beat(&liveness, slot, 3, at: t0 + .seconds(331)) == .acknowledged)
        #expect(tick(&liveness, at: t0 + .seconds(375)) == [])
        #expect(tick(&liveness, at: t0 + .seconds(376)) == [.silent(session(1), since: t0 + .seconds(331))])
    }

    @Test("missing heartbeats and another boot ask for a full report once; a repeated one does not")
    func fullReports() {
        var liveness = Liveness(fixed)
        let slot = liveness.admit(session(1), interval: interval, bootTag: 7, at: t0)
        #expect(beat(&liveness, slot, 1, at: t0) == .acknowledged)
        #expect(beat(&liveness, slot, 1, at: t0) == .acknowledged)
        #expect(beat(&liveness, slot, 4, at: t0) == .wantsFullReport)
        #expect(beat(&liveness, slot, 5, at: t0) == .acknowledged)
        #expect(beat(&liveness, slot, 2, at: t0) == .wantsFullReport)
        #expect(beat(&liveness, slot, 3, tag: 8, at: t0) == .wantsFullReport)
        #expect(beat(&liveness, slot, 4, tag: 8, at: t0) == .acknowledged)
        #expect(beat(&liveness, slot, 5, tag: 0, at: t0) == .acknowledged)
        #expect(tick(&liveness, at: t0 + .seconds(45)).count == 1)
        #expect(beat(&liveness, slot, 9, tag: 8, at: t0 + .seconds(46)) == .heardAgain(wantsFullReport: true))
    }

    @Test("a slot is used again, and its old name is recognised as stale")
    func slotReuse() {
        var liveness = Liveness(fixed)
        let old = liveness.admit(session(1), interval: interval, at: t0)
        #expect(liveness.disconnect(old)?.heard == t0)
        #expect(liveness.disconnect(old) == nil)
        #expect(beat(&liveness, old, 1, at: t0) == .notRegistered)
        let new = liveness.admit(session(2), interval: interval, at: t0 + .seconds(20))
        #expect(beat(&liveness, old, 2, at: t0 + .seconds(21)) == .notRegistered)
        #expect(liveness.lastHeard(new) == t0 + .seconds(20))
        #expect(liveness.count == 1)
        // The old deadline at 45 s comes up first, and is not the new session's.
        #expect(tick(&liveness, at: t0 + .seconds(64)) == [])
        #expect(tick(&liveness, at: t0 + .seconds(65)) == [.silent(session(2), since: t0 + .seconds(20))])
    }

    @Test("another interval holds from the next beat on: the one under way keeps its deadline")
    func changedInterval() {
        var liveness = Liveness(fixed)
        let slot = liveness.admit(session(1), interval: interval, at: t0)
        liveness.setInterval(.milliseconds(100), of: slot)
        #expect(tick(&liveness, at: t0 + .seconds(30)) == [])
        #expect(beat(&liveness, slot, 1, at: t0 + .seconds(30)) == .acknowledged)
        #expect(liveness.deadline(of: slot) == t0 + .milliseconds(30_150))
        #expect(tick(&liveness, at: t0 + .milliseconds(30_149)) == [])
        #expect(
            tick(&liveness, at: t0 + .milliseconds(30_150)) == [.silent(session(1), since: t0 + .seconds(30))])
        #expect(beat(&liveness, slot, 2, at: t0 + .seconds(31)) == .heardAgain(wantsFullReport: false))
        liveness.setInterval(.seconds(30), of: slot)
        #expect(tick(&liveness, at: t0 + .seconds(75)) == [])
        #expect(tick(&liveness, at: t0 + .seconds(76)) == [.silent(session(1), since: t0 + .seconds(31))])
        #expect(tick(&liveness, at: t0 + .seconds(500)) == [])
    }

    @Test("any word of a session counts as a sign of life, and numbers no heartbeat")
    func otherWords() {
        var liveness = Liveness(fixed)
        let slot = liveness.admit(session(1), interval: interval, bootTag: 7, at: t0)
        #expect(beat(&liveness, slot, 1, at: t0) == .acknowledged)
        #expect(liveness.heard(slot, at: t0 + .seconds(40)) == .acknowledged)
        #expect(tick(&liveness, at: t0 + .seconds(50)) == [])
        #expect(beat(&liveness, slot, 2, at: t0 + .seconds(60)) == .acknowledged)
    }

    @Test("sessions heard since the last drain are told once each, with their last time")
    func draining() {
        var liveness = Liveness(fixed)
        let first = liveness.admit(session(1), interval: interval, at: t0)
        let second = liveness.admit(session(2), interval: interval, at: t0)
        for sequence in 1...3 as ClosedRange<UInt64> {
            #expect(beat(&liveness, first, sequence, at: t0 + .seconds(Int(sequence))) == .acknowledged)
        }
        #expect(beat(&liveness, second, 1, at: t0 + .seconds(9)) == .acknowledged)
        _ = liveness.disconnect(second)
        var batch: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &batch)
        #expect(batch.map(\.0) == [session(1)])
        #expect(batch.map(\.1) == [t0 + .seconds(3)])
        batch = []
        liveness.drainTouched(into: &batch)
        #expect(batch.isEmpty)
    }

    @Test("sessions heard are told in portions, everybody once before anybody twice")
    func drainingInPortions() {
        var liveness = Liveness(fixed)
        let slots = (1...10 as ClosedRange<UInt64>).map {
            liveness.admit(session($0), interval: interval, at: t0)
        }
        for slot in slots { #expect(beat(&liveness, slot, 1, at: t0 + .seconds(1)) == .acknowledged) }
        var batch: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &batch, limit: 4)
        #expect(batch.count == 4)
        #expect(liveness.isDraining)
        #expect(liveness.touchedCount == 6)
        // All are heard again meanwhile: those not told yet are told now with the new time, the others in the next round.
        for slot in slots { #expect(beat(&liveness, slot, 2, at: t0 + .seconds(2)) == .acknowledged) }
        #expect(liveness.touchedCount == 10)
        while liveness.isDraining { liveness.drainTouched(into: &batch, limit: 4) }
        #expect(batch.count == 10)
        #expect(Set(batch.map(\.0)).count == 10)
        #expect(batch[4...].allSatisfy { $0.1 == t0 + .seconds(2) })
        #expect(!liveness.isDraining)
        batch = []
        liveness.drainTouched(into: &batch)
        #expect(batch.count == 4)
        #expect(liveness.touchedCount == 0)
    }

    @Test("a tick looks at no more sessions than it may, and says that more are due")
    func boundedTicks() {
        var liveness = Liveness(fixed)
        for number in 1...10 as ClosedRange<UInt64> {
            _ = liveness.admit(session(number), interval: interval, at: t0)
        }
        var news: [LivenessNews] = []
        #expect(liveness.tick(at: t0 + .seconds(45), into: &news, limit: 4))
        #expect(news.count == 4)
        #expect(liveness.tick(at: t0 + .seconds(45), into: &news, limit: 4))
        #expect(!liveness.tick(at: t0 + .seconds(45), into: &news, limit: 4))
        #expect(news.count == 10)
    }

    /// A session as one would write it down without thinking of speed.
    private struct PlainClock {
        var slot: LivenessSlot
        var session: SessionID
        var lastHeard: Instant
        var interval: Duration
        var deadline: Instant
        var isSilent = false
        var sequence: UInt64 = 0
    }

    @Test(
        "lazily moved deadlines agree with a plain model under beats, changed limits and reused slots",
        arguments: [UInt64(11), 12, 13, 14])
    func agreesWithPlainModel(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var liveness = Liveness(DeadlineTuning(floor: 1, ceiling: 1))
        var plain: [PlainClock] = []
        var nextSession: UInt64 = 0
        var now = t0
        for _ in 0..<20_000 {
            now = now + .milliseconds(generator.below(40))
            let news = tick(&liveness, at: now)
            var expected: [LivenessNews] = []
            for index in plain.indices
            where !plain[index].isSilent && plain[index].deadline <= now {
                plain[index].isSilent = true
                expected.append(.silent(plain[index].session, since: plain[index].lastHeard))
            }
            let order: (LivenessNews) -> UInt64 = { if case .silent(let session, _) = $0 { session.number } else { 0 } }
            #expect(news.sorted { order($0) < order($1) } == expected.sorted { order($0) < order($1) }, "seed \(seed)")
            let pending = plain.filter { !$0.isSilent }.map(\.deadline).min()
            if let pending { #expect(liveness.nextDeadline.map { $0 <= pending } ?? false, "seed \(seed)") }

            switch generator.below(20) {
            case 0 where plain.count < 30:
                nextSession += 1
                let limit = Duration.milliseconds(100 + generator.below(2_000))
                let slot = liveness.admit(session(nextSession), interval: limit, at: now)
                plain.append(
                    PlainClock(
                        slot: slot, session: session(nextSession), lastHeard: now, interval: limit,
                        deadline: now + limit))
            case 1 where !plain.isEmpty:
                let gone = plain.remove(at: generator.below(plain.count))
                #expect(liveness.disconnect(gone.slot)?.heard == gone.lastHeard, "seed \(seed)")
            case 2 where !plain.isEmpty:
                let index = generator.below(plain.count)
                let interval = Duration.milliseconds(50 + generator.below(3_000))
                plain[index].interval = interval
                plain[index].deadline = max(plain[index].deadline, plain[index].lastHeard + interval)
                // The model judges at the next step, too.
                liveness.setInterval(interval, of: plain[index].slot)
            case 3... where !plain.isEmpty:
                let index = generator.below(plain.count)
                plain[index].sequence += 1
                let reply = liveness.heartbeat(
                    plain[index].slot, sequence: plain[index].sequence, bootTag: 0, sentUnixMilliseconds: 0, at: now)
                let wanted: HeartbeatReply =
                    plain[index].isSilent ? .heardAgain(wantsFullReport: false) : .acknowledged
                #expect(reply == wanted, "seed \(seed)")
                plain[index].isSilent = false
                plain[index].lastHeard = now
                plain[index].deadline = now + plain[index].interval
            default: break
            }
            #expect(liveness.count == plain.count)
        }
    }

    @Test(
        "a heartbeat that an outage held up says by how much, beyond its path's usual delay and however the clocks differ"
    )
    func heldUp() {
        var liveness = Liveness()
        let slot = liveness.admit(session(1), interval: .seconds(5), at: t0)
        let clockAhead = UInt64((t0 + .seconds(7_000)).unixMilliseconds)
        for beat in 1...50 as ClosedRange<UInt64> {
            let sent = clockAhead + beat * 5_000
            _ = liveness.heartbeat(
                slot, sequence: beat, bootTag: 0, sentUnixMilliseconds: sent,
                at: t0 + .seconds(5) * Int(beat) + .milliseconds(40))
        }
        #expect(liveness.heldUp(slot) == .zero)
        for (late, told) in [(60, 60), (500, 125)] {
            _ = liveness.heartbeat(
                slot, sequence: 51, bootTag: 0, sentUnixMilliseconds: clockAhead + 255_000,
                at: t0 + .seconds(255 + late) + .milliseconds(40))
            // What is usual creeps up with each beat, by little.
            #expect(liveness.heldUp(slot) <= .seconds(told) && liveness.heldUp(slot) > .seconds(told - 1))
        }
        _ = liveness.disconnect(slot)
        #expect(liveness.heldUp(slot) == .zero)
    }
}
