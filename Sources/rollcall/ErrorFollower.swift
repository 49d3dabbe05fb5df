import Dashboard
import ErrorCatalogue
import Foundation
import RollcallProtocol

/// `rollcall errors --follow`: a watch that outlives connections.
struct ErrorFollower {
    let server: ServerConnection
    let node: String?
    let code: String?
    let isJSON: Bool
    let language: Language?

    /// Wait before dialling again: short, because an operator looks at it, and one operator is no stampede.
    private static let retryInterval: TimeInterval = 2

    /// Goes on until the process ends or nobody reads its output any more.
    /// - Throws: `CommandFailure` if the first attempt fails, the server refuses for good, or output cannot be written.
    func run() throws {
        var ledger = ErrorLedger()
        var filter = EventFilter(code: code)
        var connections = 0
        var isLossTold = false
        while true {
            do {
                let skew = try clockSkew()
                if connections == 0, let node { filter.node = try server.node(named: node).node }
                connections += 1
                if connections > 1 {
                    let known = try server.errors(.with { $0.all = true }, limit: 200).errors
                    for event in ledger.missed(among: known) { try show(event, skew: skew) }
                    if isLossTold { note("connected again") }
                }
                isLossTold = false
                try watch(skew: skew, filter: filter, ledger: &ledger)
            } catch let failure as OperatorFailure {
                guard connections > 0, failure.mayPass else { throw CommandFailure("\(failure)") }
                if !isLossTold { note("\(failure); trying again each 2s") }
                isLossTold = true
                Thread.sleep(forTimeInterval: Self.retryInterval)
            }
        }
    }

    private func watch(skew: Duration, filter: EventFilter, ledger: inout ErrorLedger) throws {
        var failure: (any Error)?
        try server.watchErrors { event in
            guard filter.admits(event), ledger.admits(event) else { return true }
            do { try show(event, skew: skew) } catch { failure = error }
            return failure == nil
        }
        if let failure { throw failure }
    }

    /// Server's clock less the reader's, as of now.
    private func clockSkew() throws -> Duration {
        try server.serverTime().map { $0.since(TextOutput.clock) } ?? .zero
    }

    private func show(_ event: WireWatchErrorsResponse, skew: Duration) throws {
        if isJSON { return try JSONOutput.stream(event.json) }
        let canvas = TextOutput.canvas(now: TextOutput.clock.advanced(by: skew), language: language)
        try TextOutput.standard.show(ErrorsView(on: canvas).event(event), on: canvas)
    }

    /// To standard error: standard output carries events and nothing else.
    private func note(_ text: String) {
        let time = WallTime(unixMilliseconds: TextOutput.clock.unixMilliseconds).rfc3339
        FileHandle.standardError.write(Data("rollcall: \(time): \(text)\n".utf8))
    }
}
