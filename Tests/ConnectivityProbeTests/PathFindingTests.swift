import AgentClient
import EventLoop
import Testing

@testable import ConnectivityProbe

@Suite("Probe of the way")
struct PathFindingTests {
    private let address = SocketAddress(parsing: "192.0.2.7:443") ?? SocketAddress(path: "")

    private func tcp(_ error: Int32, _ reporter: String, _ meaning: UnreachableReport.Meaning) -> Check {
        ConnectFindings.check(
            LoopError(code: error, operation: "connect"),
            UnreachableReport(reporter: SocketAddress(host: reporter, port: 0), meaning: meaning),
            from: SocketAddress(host: "192.0.2.1", port: 4711), at: address, took: .zero)
    }

    @Test func `who reports it makes the difference`() {
        #expect(tcp(-113, "198.51.100.1", .host).symptom == .unreachable)
        #expect(tcp(-113, "198.51.100.1", .host).detail.english.contains("198.51.100.1"))
        #expect(tcp(-113, "192.0.2.1", .host).symptom == .noNeighbour)
        #expect(tcp(-113, "192.0.2.1", .host).detail.english.hasSuffix("answers for 192.0.2.7"))
        #expect(tcp(-113, "198.51.100.1", .prohibited).symptom == .rejected)
        #expect(tcp(-113, "192.0.2.1", .prohibited).symptom == .forbiddenHere)
        #expect(tcp(-111, "192.0.2.7", .port).symptom == .rejected)
        #expect(tcp(-111, "192.0.2.7", .port).detail.english.contains("192.0.2.7 itself"))
        #expect(tcp(-101, "198.51.100.1", .network).symptom == .unreachable)
    }

    @Test func `routers between are counted from where a time to live began`() {
        #expect(EchoFindings.routers(hopsLeft: 64) == 0)
        #expect(EchoFindings.routers(hopsLeft: 61) == 3)
        #expect(EchoFindings.routers(hopsLeft: 128) == 0)
        #expect(EchoFindings.routers(hopsLeft: 250) == 5)
    }

    @Test func `a ping without answer is a hint, never a failure`() {
        var figures = EchoFigures()
        figures.sent = 5
        #expect(EchoFindings.check(figures, at: address).state == .unknown)
        figures.failure = LoopError(code: -13, operation: "open")
        #expect(EchoFindings.check(figures, at: address).state == .unknown)
        figures.failure = nil
        figures.roundTrips = [.milliseconds(3)]
        #expect(EchoFindings.check(figures, at: address).state == .passed)
        #expect(EchoFindings.check(figures, at: address).detail.english.contains("4 of 5 without answer"))
    }

    @Test func `what arrives now and then is loss, what never does is a rule`() {
        func heavy(_ figures: [TCPFigures], answered: Int = 0, slow: Bool = false, later: Bool = false) -> Symptom? {
            var echo = EchoFigures()
            echo.sent = 5
            echo.roundTrips = Array(repeating: .milliseconds(3), count: answered)
            return LossFindings.heavy(figures, echo: echo, slowConnect: slow, arrivedLater: later, at: address)?.symptom
        }
        var recovered = TCPFigures()
        (recovered.segmentsSent, recovered.segmentsSentAgain) = (10, 4)
        var never = recovered
        never.unconfirmedSegments = 1
        #expect(heavy([never, never]) == nil && heavy([never], answered: 5) == nil, "half open")
        #expect(heavy([recovered, recovered]) == .heavyLoss)
        #expect(heavy([recovered], slow: true) == .heavyLoss)
        #expect(heavy([recovered], answered: 2) == .heavyLoss && heavy([recovered], answered: 5) == .heavyLoss)
        recovered.segmentsSentAgain = 2
        #expect(heavy([recovered], answered: 2) == .heavyLoss && heavy([recovered], answered: 5) == nil)
        #expect(heavy([recovered], slow: true) == .heavyLoss)
        #expect(heavy([], later: true) == .heavyLoss && heavy([], answered: 2) == nil)
        recovered.segmentsSent = 100
        #expect(heavy([recovered, recovered]) == nil, "a few are lossy, and explain nothing")
    }

    @Test(arguments: [536 + 1, 700, 1000, 1260, 1359, 1448, 1460])
    func `the search finds the largest size to the byte, in few rounds`(_ vanishing: Int) {
        var search = SegmentSearch(passing: 536, failing: 1460)
        var rounds = 0
        while !search.isDone {
            rounds += 1
            let trials = search.trials
            #expect(!trials.isEmpty && trials.count <= 8)
            search.tried(Dictionary(uniqueKeysWithValues: trials.map { ($0, $0 < vanishing) }))
            #expect(rounds <= 4)
            guard rounds <= 4 else { break }
        }
        #expect(search.passing == vanishing - 1)
    }

    @Test func `sizes that pass beside smaller ones that do not are chance`() {
        var search = SegmentSearch(passing: 536, failing: 1460)
        search.tried([600: false, 700: true, 800: false])
        #expect(search.isByChance && search.isDone)
    }

    @Test func `the gateway of the longest match is found in the kernel's table`() {
        let table = RouteTable(
            """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t01014D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t00014D0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            nonsense
            """)
        #expect(table.gateway(to: "10.77.2.2") == "10.77.1.1")
        #expect(table.gateway(to: "10.77.1.5") == nil)
        #expect(table.gateway(to: "no number") == nil)
    }

    @Test func `how far packets get is told from who answers`() {
        let routers: [Int: HopTrace.Answer] = [1: .router("10.0.0.1"), 2: .router("10.0.1.1")]
        let lost = HopTrace.check(routers, at: address, answersEcho: true, took: .zero)
        #expect(lost.detail.english.contains("as far as 10.0.1.1 (hop 2), and no further; pings arrive"))
        let there = HopTrace.check(
            [1: .router("10.0.0.1"), 2: .arrived, 3: .arrived], at: address, answersEcho: false, took: .zero)
        #expect(there.detail.english.hasPrefix("packets arrive: 1 router in between"))
        #expect(HopTrace.check([:], at: address, answersEcho: false, took: .zero).state == .unknown)
    }

    @Test func `segments sent again are loss from two on, and from three in a hundred`() {
        var figures = TCPFigures()
        figures.segmentsSent = 100
        figures.segmentsSentAgain = 3
        let limits = ProbeLimits()
        #expect(LossFindings.check([figures], echo: nil, at: address, limits: limits)?.symptom == nil)
        figures.segmentsSentAgain = 4
        #expect(LossFindings.check([figures], echo: nil, at: address, limits: limits)?.symptom == .lossy)
        figures.segmentsSent = 5
        #expect(LossFindings.check([figures], echo: nil, at: address, limits: limits) == nil)
    }

    @Test func `a proxy's word is read, whatever it is`() {
        func said(_ text: String) -> ProxyTunnel.Outcome? { ProxyTunnel.read(Array(text.utf8)) }
        #expect(said("HTTP/1.1 200 Connection established\r\n\r\n") == .open)
        #expect(
            said("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                == .refused(status: 407, line: "HTTP/1.1 407 Proxy Authentication Required"))
        #expect(said("HTTP/1.1 200 OK\r\n") == nil)
        #expect(said("HT") == nil)
        #expect(said("SSH-2.0-x\r\n") == .notHTTP("SSH-2.0-x"))
    }

    @Test func `a proxy variable is named without its password, and no_proxy counts`() {
        let target = ServerName(host: "cs.example")
        let set = EnvironmentFindings.check(["https_proxy": "http://me:secret@proxy:3128"], target: target, proxy: nil)
        #expect(set?.detail.english.contains("secret") == false && set?.detail.english.contains("proxy:3128") == true)
        let excepted = EnvironmentFindings.check(
            ["HTTPS_PROXY": "proxy:1", "no_proxy": "localhost, .example"], target: target, proxy: nil)
        #expect(excepted?.detail.english.contains("not for cs.example") == true)
        #expect(EnvironmentFindings.check([:], target: target, proxy: nil) == nil)
    }
}

@Suite("Probe of name servers")
struct NameServerTests {
    private func said(_ server: String, _ addresses: [String], code: Int = 0, impossible: [String] = [])
        -> NameServers.Said
    {
        var said = NameServers.Said(server: server)
        said.ipv4 = .init(code: code, addresses: addresses)
        said.impossible = .init(code: impossible.isEmpty ? 3 : 0, addresses: impossible)
        return said
    }

    private func check(_ said: [NameServers.Said], hosts: [String] = []) -> Check {
        NameServerFindings.check(said, host: "cs.example", hosts: hosts, took: .zero)
    }

    @Test func `questions and answers are read as RFC 1035 has them`() throws {
        let query = try #require(DNSMessage.query("cs.example", .ipv4, id: 0x1234))
        #expect(query.count == 12 + 12 + 4)
        var answer = query
        answer[2] = 0x81
        answer[3] = 0x80
        answer[7] = 1
        answer += [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
        #expect(DNSMessage.answer(answer, id: 0x1234) == .init(code: 0, addresses: ["192.0.2.7"]))
        #expect(DNSMessage.answer(answer, id: 1) == nil, "an answer to another question")
        for length in 0..<answer.count { _ = DNSMessage.answer(Array(answer.prefix(length)), id: 0x1234) }
        #expect(DNSMessage.query("a..b" + String(repeating: "x", count: 300), .ipv4, id: 1) == nil)
    }

    @Test func `who answers for a name that cannot exist lies`() {
        #expect(check([said("192.0.2.53", ["192.0.2.7"], impossible: ["192.0.2.99"])]).symptom == .resolverLies)
    }

    @Test func `name servers that disagree, and a hosts file that says otherwise, are named`() {
        let one = said("192.0.2.53", ["192.0.2.7"])
        #expect(check([one, said("192.0.2.54", ["192.0.2.8"])]).symptom == .resolversDisagree)
        #expect(check([one], hosts: ["192.0.2.1"]).symptom == .hostsMismatch)
        #expect(check([one], hosts: ["192.0.2.7"]).symptom == nil)
        #expect(check([one, said("192.0.2.54", ["192.0.2.7"])]).symptom == nil)
    }

    @Test func `silence is unknown, and each refusal has its word`() {
        #expect(check([NameServers.Said(server: "192.0.2.53")]).state == .unknown)
        #expect(check([]).state == .unknown)
        #expect(check([said("192.0.2.53", [], code: 3)]).detail.english.contains("NXDOMAIN"))
        #expect(check([said("192.0.2.53", [], code: 5)]).detail.english.contains("REFUSED"))
    }

    @Test func `the system's files are read as they are`() {
        #expect(
            NameServers.servers(in: "# no\nnameserver 192.0.2.53\nsearch x\n nameserver ::1\n") == [
                "192.0.2.53", "::1",
            ])
        let hosts = "127.0.0.1 localhost\n192.0.2.7 CS.example cs # the server\n"
        #expect(NameServers.addresses(of: "cs.example", in: hosts) == ["192.0.2.7"])
        #expect(NameServers.addresses(of: "the", in: hosts).isEmpty)
    }
}
