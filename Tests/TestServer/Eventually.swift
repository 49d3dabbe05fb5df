/// Waits until the condition holds, for as long as a loaded machine may need. Returns whether it did.
public func eventually(
    within limit: Duration = .seconds(30), _ condition: () throws -> Bool
) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if try condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return try condition()
}
