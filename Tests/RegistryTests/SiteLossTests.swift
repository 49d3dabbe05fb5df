import ErrorCatalogue
import TestSupport
import Testing

@testable import Registry

/// What one event may cost, counted: a lost site of thousands must not stop a loop.
@Suite("Work in slices")
struct SiteLossTests {
    private static let count: UInt64 = 5_000

    /// Ticks until nothing is due. Returns how many ticks there were, and the most that one of them did.
    private func settle(_ registry: inout Registry, at now: Instant) -> (
        ticks: Int, judged: Int, hung: Int, effects: Int
    ) {
        var most = (ticks: 0, judged: 0, hung: 0, effects: 0)
        while let next = registry.nextDeadline, next <= now, most.ticks < 10_000 {
            let lost = registry.summary(at: now).fleet[.unreachable]
            let hung = registry.deadlines.count
            let effects = registry.tick(at: now)
            most.ticks += 1
            most.judged = max(most.judged, abs(registry.summary(at: now).fleet[.unreachable] - lost))
            most.hung = max(most.hung, registry.deadlines.count - hung)
            most.effects = max(most.effects, effects.count)
        }
        return most
    }

    @Test("a lost site of thousands is judged, folded, found again and told apart a slice at a time")
    func lostSite() throws {
        var registry = Registry.withNodes(Self.count)
        for number in 1...Self.count { _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45)) }
        let fall = settle(&registry, at: t0 + .seconds(90))
        #expect(registry.summary(at: t0 + .seconds(90)).fleet[.unreachable] == Int(Self.count))
        #expect(fall.judged <= RegistryLimits.verdictsPerTickMax)
        #expect(fall.hung <= RegistryLimits.reviewedPerTickMax + 2 * RegistryLimits.verdictsPerTickMax)
        #expect(fall.effects <= 12 * RegistryLimits.verdictsPerTickMax)
        #expect(registry.activeFindings().map(\.subject) == [.site("east")])
        #expect(fall.ticks >= Int(Self.count) / RegistryLimits.verdictsPerTickMax)

        // Half of it comes back: the error no longer explains the others, who are told apart after a while.
        var returned = 0
        for number in 1...Self.count / 2 {
            returned = max(returned, registry.heardAgain(session(number), at: t0 + .seconds(100)).count)
        }
        #expect(returned <= 12)
        let back = settle(&registry, at: t0 + .seconds(130))
        #expect(back.hung <= RegistryLimits.reviewedPerTickMax + 2 * RegistryLimits.verdictsPerTickMax)
        var now = t0 + .seconds(131)
        var released = (ticks: 0, effects: 0)
        while registry.activeFindings().contains(where: { $0.subject == .site("east") }), released.ticks < 20_000 {
            now = max(now + .milliseconds(1), registry.nextDeadline ?? now)
            let effects = registry.tick(at: now)
            released.ticks += 1
            released.effects = max(released.effects, effects.count)
        }
        #expect(released.effects <= 12 * RegistryLimits.verdictsPerTickMax)
        #expect(released.ticks >= Int(Self.count) / 2 / (RegistryLimits.verdictsPerTickMax / 5))
        #expect(registry.activeFindings().count == Int(Self.count) / 2)
        try registry.checkInvariants()
    }

    @Test("those of a lost site who still answer are found a look at a time, and named")
    func exceptions() throws {
        let count = UInt64(RegistryLimits.looksPerSliceMax) + 200
        var registry = Registry.withNodes(count)
        for number in 1...count - 3 { _ = registry.silent(session(number), since: t0, at: t0 + .seconds(45)) }
        _ = settle(&registry, at: t0 + .seconds(90))
        // Only behind the end of the first look there is somebody who answers; the next telling goes on from there.
        for step in 1...4 {
            _ = registry.heardAgain(session(UInt64(step)), at: t0 + .seconds(90 + 20 * step))
            _ = settle(&registry, at: t0 + .seconds(91 + 20 * step))
        }
        let finding = try #require(registry.activeFindings().first { $0.subject == .site("east") })
        let exceptions = try #require(finding.evidence.last?.text)
        #expect(exceptions.contains("web-\(count)"), "\(exceptions)")
        try registry.checkInvariants()
    }

    @Test("a loop that finds thousands silent at once tells them a slice at a time")
    func silentSessions() {
        var liveness = Liveness()
        for number in 1...Self.count { _ = liveness.admit(session(number), interval: .seconds(30), at: t0) }
        var (told, ticks) = (0, 0)
        while told < Int(Self.count), ticks < 100 {
            var news: [LivenessNews] = []
            _ = liveness.tick(at: t0 + .seconds(61), into: &news)
            #expect(news.count <= RegistryLimits.newsPerTickMax)
            told += news.count
            ticks += 1
        }
        #expect(told == Int(Self.count))
        #expect(ticks == (Int(Self.count) + RegistryLimits.newsPerTickMax - 1) / RegistryLimits.newsPerTickMax)
    }
}
