import Registry
import Testing

@Suite("Attempts to get in")
struct AttemptJournalTests {
    private func attempt(
        _ peer: String, at second: Int, _ reason: AttemptReason = .certificateExpired, node: NodeID? = nil,
        name: String = ""
    ) -> Attempt {
        Attempt(
            peer: peer, at: t0 + .seconds(second), lasted: .milliseconds(20), progress: .handshaking,
            end: .closedByServer,
            reason: reason, serverName: name, node: node)
    }

    @Test("a peer that fails three times is one that keeps failing, with its rhythm")
    func rhythm() throws {
        var registry = Registry.fresh()
        for number in 0..<4 {
            _ = registry.attempted(
                [attempt("10.1.2.3:\(5_000 + number)", at: number * 30)], at: t0 + .seconds(number * 30))
            #expect(registry.failingPeers().count == (number < 2 ? 0 : 1))
        }
        let peer = try #require(registry.failingPeers().first)
        #expect(peer.key.address == "10.1.2.3")
        #expect(peer.caller.count == 4)
        #expect(peer.caller.firstAt == t0)
        #expect(peer.caller.interval == .seconds(30))
    }

    @Test("two machines behind one address that fail for two reasons are two, and a node is one from anywhere")
    func keys() {
        var registry = Registry.fresh()
        for number in 0..<3 {
            _ = registry.attempted(
                [
                    attempt("10.1.2.3:\(5_000 + number)", at: number, .certificateExpired),
                    attempt("10.1.2.3:\(6_000 + number)", at: number, .tlsVersion),
                    attempt("10.9.0.\(number):7", at: number, .certificateExpired, node: id(1)),
                ], at: t0)
        }
        let keys = registry.failingPeers().map(\.key)
        #expect(keys.count == 3)
        #expect(keys.contains { $0.node == id(1) && $0.address.isEmpty })
    }

    @Test("passers-by are listed and never counted as failing", arguments: AttemptReason.allCases)
    func passersBy(reason: AttemptReason) {
        var registry = Registry.fresh()
        for number in 0..<5 { _ = registry.attempted([attempt("[::1]:\(number)", at: number, reason)], at: t0) }
        #expect(registry.attempts(AttemptQuery()).count == 5)
        #expect(registry.failingPeers().isEmpty == !reason.isFailure)
        #expect(registry.attempts(AttemptQuery(failuresOnly: true)).isEmpty == !reason.isFailure)
    }

    @Test("are found by address with and without port, by the name asked for, and by time; newest first")
    func queries() {
        var registry = Registry.fresh()
        _ = registry.attempted(
            [
                attempt("10.0.0.1:1000", at: 0, name: "mark-1.probe"), attempt("10.0.0.1:1001", at: 10),
                attempt("[fe80::1]:9", at: 20), attempt("10.0.0.2:1000", at: 30, name: "MARK-1.probe"),
            ], at: t0)
        func peers(_ query: AttemptQuery) -> [String] { registry.attempts(query).map(\.peer) }
        #expect(peers(AttemptQuery(peer: "10.0.0.1")) == ["10.0.0.1:1001", "10.0.0.1:1000"])
        #expect(peers(AttemptQuery(peer: "10.0.0.1:1000")) == ["10.0.0.1:1000"])
        #expect(peers(AttemptQuery(peer: "fe80::1")) == ["[fe80::1]:9"])
        #expect(peers(AttemptQuery(serverName: "mark-1.probe")) == ["10.0.0.2:1000", "10.0.0.1:1000"])
        #expect(peers(AttemptQuery(since: t0 + .seconds(15))) == ["10.0.0.2:1000", "[fe80::1]:9"])
        #expect(peers(AttemptQuery(limit: 1)) == ["10.0.0.2:1000"])
        #expect(peers(AttemptQuery(limit: -1)).isEmpty)
    }

    @Test("a scan of the whole Internet fills the journal to its limits and no further")
    func bounded() {
        var registry = Registry.fresh()
        for round in 0..<3 {
            for number in 0..<(AttemptJournal.callersMax + 1_000) {
                let peer = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255):1"
                _ = registry.attempted([attempt(peer, at: round, .stalled)], dropped: 2, at: t0)
            }
        }
        #expect(registry.attempts(AttemptQuery(limit: .max)).count == AttemptJournal.attemptsMax)
        #expect(registry.failingPeers().count == AttemptJournal.callersMax)
        let all = UInt64(3 * (AttemptJournal.callersMax + 1_000))
        #expect(registry.attemptCounts.noted == all)
        #expect(registry.attemptCounts.dropped == 2 * all)
    }

    @Test("what a stranger says is cut and made harmless")
    func harmless() {
        let attempt = Attempt(
            peer: "10.0.0.1:1", at: t0, progress: .handshaking, end: .reset, reason: .stalled,
            detail: "\u{1B}[31mred" + String(repeating: "é", count: 500),
            serverName: String(repeating: "a", count: 1_000))
        #expect(attempt.detail.hasPrefix(" [31mred"))
        #expect(attempt.detail.utf8.count <= Attempt.textBytesMax)
        #expect(
            attempt.asking(for: String(repeating: "é", count: 300)).serverName.utf8.count <= Attempt.serverNameBytesMax)
        #expect(attempt.serverName.utf8.count == Attempt.serverNameBytesMax)
    }

    @Test("every refusal of a registration that is the peer's own fault has a reason")
    func refusals() {
        #expect(RegistrationRefusal.missing(field: "hostname").attemptReason == .factsMissing)
        #expect(RegistrationRefusal.noUsableAddress(given: ["127.0.0.1"]).attemptReason == .noUsableAddress)
        #expect(RegistrationRefusal.registryNotWritable(reason: "disk full").attemptReason == nil)
        #expect(Set(AttemptReason.allCases.map(\.word)).count == AttemptReason.allCases.count)
    }
}
