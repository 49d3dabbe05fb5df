import Dashboard
import Foundation
import RollcallProtocol
import Testing

/// Answers from a closure.
private final class ScriptedQuery: OperatorQuery {
    private let answer: (WireRequest.OneOf_Method) -> Result<WireResponse.OneOf_Result, OperatorFailure>
    private(set) var asked: [WireRequest.OneOf_Method] = []

    init(_ answer: @escaping (WireRequest.OneOf_Method) -> Result<WireResponse.OneOf_Result, OperatorFailure>) {
        self.answer = answer
    }

    func call(_ method: WireRequest.OneOf_Method) throws(OperatorFailure) -> WireResponse.OneOf_Result {
        asked.append(method)
        return try answer(method).get()
    }

    func stream(
        _ method: WireRequest.OneOf_Method, onEach: (WireResponse.OneOf_Result) -> Bool
    ) throws(OperatorFailure) {
        let result = try call(method)
        while onEach(result) {}
    }
}

@Suite("OperatorQuery")
struct OperatorQueryTests {
    private func pages(_ total: Int, isStuck: Bool = false) -> ScriptedQuery {
        ScriptedQuery { method in
            guard case .listNodes(let request) = method else { return .failure(.lost("?")) }
            let start = Int(request.pageToken) ?? 0
            let end = min(start + Int(request.pageSize), total)
            return .success(
                .listNodes(
                    .with { page in
                        page.nodes = (start..<end).map { number in .with { $0.hostname = "n\(number)" } }
                        page.nextPageToken = isStuck ? "7" : end < total ? "\(end)" : ""
                        page.total = UInt32(total)
                    }))
        }
    }

    @Test(
        "pages are asked for until there are no more, or enough",
        arguments: [
            (250, nil, 250, 3), (250, 100, 100, 1), (250, 101, 101, 2), (5, 100, 5, 1), (0, nil, 0, 1),
        ] as [(Int, Int?, Int, Int)])
    func paging(total: Int, limit: Int?, got: Int, questions: Int) throws {
        let query = pages(total)
        let answer = try query.nodes(.init(), limit: limit)
        #expect(answer.nodes.map(\.hostname) == (0..<got).map { "n\($0)" })
        #expect(answer.total == UInt32(total))
        #expect(query.asked.count == questions)
    }

    @Test("a server that repeats its page token does not keep a client for ever")
    func repeatedToken() throws {
        let query = pages(250, isStuck: true)
        _ = try query.nodes(.init())
        #expect(query.asked.count == 2)
    }

    @Test("an answer to another question is no answer")
    func mismatch() {
        let query = ScriptedQuery { _ in .success(.ping(.init())) }
        #expect(throws: OperatorFailure.self) { try query.status() }
        #expect(throws: OperatorFailure.self) { try query.node(named: "x") }
        #expect(throws: OperatorFailure.self) { try query.watchErrors { _ in true } }
    }

    @Test("a server that does not tell its time is no failure, a lost one is")
    func serverTime() throws {
        #expect(try ScriptedQuery { _ in .failure(.refused(.unimplemented, message: "")) }.serverTime() == nil)
        #expect(throws: OperatorFailure.self) { try ScriptedQuery { _ in .failure(.lost("gone")) }.serverTime() }
        let answer = ScriptedQuery { _ in .success(.ping(.with { $0.serverTimeUnixMs = 7 })) }
        #expect(try answer.serverTime() == WallTime(unixMilliseconds: 7))
    }

    @Test("what may pass is told from what will not")
    func mayPass() {
        #expect(OperatorFailure.lost("x").mayPass)
        #expect(OperatorFailure.refused(.unavailable, message: "").mayPass)
        #expect(!OperatorFailure.refused(.permissionDenied, message: "").mayPass)
        #expect("\(OperatorFailure.refused(.permissionDenied, message: ""))".contains("PERMISSION_DENIED"))
    }
}

@Suite("ErrorLedger")
struct ErrorLedgerTests {
    private func event(_ kind: WireErrorEvent, _ error: WireConnectivityError) -> WireWatchErrorsResponse {
        .with { ($0.event, $0.error) = (kind, error) }
    }

    @Test("an active error is told again only if it changed")
    func activeAgain() {
        var ledger = ErrorLedger()
        let old = WireConnectivityError.serviceStopped
        var new = old
        new.updatedUnixMs += 1
        let events = [
            event(.active, old), event(.active, old), event(.active, new), event(.cleared, new), event(.active, new),
        ]
        let told = events.map { ledger.admits($0) }
        #expect(told == [true, false, true, true, true])
    }

    @Test("what was cleared while nobody listened is told once")
    func missed() {
        var ledger = ErrorLedger()
        var cleared = WireConnectivityError.serviceStopped
        cleared.clearedUnixMs = cleared.updatedUnixMs + 1
        let beforeItWasTold = ledger.missed(among: [cleared])
        let isTold = ledger.admits(event(.raised, .serviceStopped))
        let whileActive = ledger.missed(among: [.serviceStopped, .clearedContact])
        let onceCleared = ledger.missed(among: [cleared])
        let again = ledger.missed(among: [cleared])
        #expect(beforeItWasTold.isEmpty)
        #expect(isTold)
        #expect(whileActive.isEmpty)
        #expect(onceCleared.map(\.event) == [.cleared])
        #expect(again.isEmpty)
    }
}

@Suite("EventFilter")
struct EventFilterTests {
    @Test("a code with or without its variant, and a node or a site with it, pass")
    func filters() {
        #expect(EventFilter().admits(.serviceStopped))
        #expect(EventFilter(code: "95226").admits(.serviceStopped))
        #expect(EventFilter(code: "95226B").admits(.serviceStopped))
        #expect(!EventFilter(code: "95226a").admits(.serviceStopped))
        #expect(EventFilter(node: .web03).admits(.serviceStopped))
        #expect(!EventFilter(node: .ps01).admits(.serviceStopped))
        #expect(!EventFilter(node: .web03).admits(.siteSilent))
        #expect(EventFilter(node: .with { $0.hostname = "app-02" }).admits(.siteSilent))
    }
}
