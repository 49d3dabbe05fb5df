/// Looks again and again until a condition holds or the time is over; returns whether it holds. For what happens in
/// other processes, which can tell a test nothing.
public func poll(
    every pause: Duration = .milliseconds(20), within limit: Duration, _ condition: () async throws -> Bool
) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else { return false }
        try await Task.sleep(for: pause)
    }
    return true
}
