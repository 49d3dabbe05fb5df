import Registry

extension CoreScale {
    /// A site of some ten thousands falls silent and is told as one; half of it comes back, and the rest is told apart.
    func largeSite() {
        let count = min(nodes, 50_000)
        var registry = Registry(settings: settings, at: start)
        func registration(_ number: Int) -> Registration {
            var registration = Fleet.registration(number)
            if number < count { registration.facts.site = "large" }
            return registration
        }
        for number in 0..<nodes { _ = registry.register(registration(number), at: start) }
        var now = start + .seconds(30)
        let losses = slices(of: &registry, until: now + settings.unreachableAfter + .seconds(30), from: &now) {
            registry, now in
            for number in 0..<count { _ = registry.connectionLost(Fleet.session(number), .timedOut, at: now) }
        }
        report("a site of \(count) lost", "\(losses); \(registry.summary(at: now).findingCount) errors")
        let settled = now + max(settings.homecomingGrace, settings.unreachableAfter) * 3
        let apart = slices(of: &registry, until: settled, from: &now) { registry, now in
            for number in 0..<(count / 2) { _ = registry.register(registration(number), at: now) }
        }
        report("  half of it back", "\(apart); \(registry.summary(at: now).findingCount) errors")
    }

    /// What happens, and then each look of the registry until some time, ten in a second; more while more is due.
    private func slices(
        of registry: inout Registry, until end: Instant, from now: inout Instant,
        _ event: (inout Registry, Instant) -> Void
    ) -> Calls {
        event(&registry, now)
        var calls = Calls()
        while now < end {
            now = now + .milliseconds(100)
            repeat {
                calls.time { _ = registry.tick(at: now) }
            } while registry.nextDeadline.map { $0 <= now } ?? false
        }
        return calls
    }
}
