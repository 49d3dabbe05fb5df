public import RollcallProtocol

/// What a follower of errors has told already. After a lost connection the server tells of all active errors again;
/// the ledger lets through what is news.
public struct ErrorLedger: Sendable {
    private var updatedByID: [UInt64: Int64] = [:]

    /// A follower that has told nothing yet.
    public init() {}

    /// Whether `event` is news. If so, it counts as told from now on.
    public mutating func admits(_ event: WireWatchErrorsResponse) -> Bool {
        let error = event.error
        switch event.event {
        case .active:
            if updatedByID[error.id] == error.updatedUnixMs { return false }
            updatedByID[error.id] = error.updatedUnixMs
        case .cleared:
            updatedByID[error.id] = nil
        case .suspected, .returned: break
        case .raised, .updated, .unspecified, .UNRECOGNIZED:
            updatedByID[error.id] = error.updatedUnixMs
        }
        return true
    }

    /// Errors told as active that were cleared while nobody listened, as the events that were missed. `errors` is what
    /// the server lists now, cleared ones included.
    public mutating func missed(among errors: [WireConnectivityError]) -> [WireWatchErrorsResponse] {
        let cleared = errors.filter { $0.clearedUnixMs != 0 && updatedByID[$0.id] != nil }
        for error in cleared { updatedByID[error.id] = nil }
        return cleared.map { error in .with { ($0.event, $0.error) = (.cleared, error) } }
    }
}
