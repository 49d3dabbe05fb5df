import Testing

@testable import FleetSimulator

@Suite("What a simulated fleet reports")
struct FleetReportTests {
    @Test func `percentiles are good to an eighth`() {
        var histogram = LatencyHistogram()
        for milliseconds in 1...1000 { histogram.add(.milliseconds(milliseconds)) }
        for share in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = share * 1000
            let told = (histogram.percentile(share) ?? .zero) / .milliseconds(1)
            #expect(told >= exact && told <= exact * 1.14)
        }
        #expect(LatencyHistogram().percentile(0.5) == nil)
    }

    @Test func `any time has a class`() {
        var histogram = LatencyHistogram()
        for time: Duration in [.zero, .nanoseconds(1), .microseconds(1), .seconds(100_000_000), .seconds(-1)] {
            histogram.add(time)
        }
        #expect(histogram.total == 5)
        #expect((histogram.percentile(0.2) ?? .zero) < .microseconds(2))
    }

    @Test func `a difference is what came since`() {
        var histogram = LatencyHistogram()
        histogram.add(.milliseconds(1))
        let earlier = histogram
        histogram.add(.seconds(1))
        #expect(histogram.since(earlier).total == 1)
        #expect((histogram.since(earlier).percentile(0.5) ?? .zero) >= .seconds(1))
    }

    @Test func `reasons are limited in number`() {
        var counters = FleetCounters()
        for number in 1...100 { counters.count(.connectionLost("reason \(number)")) }
        #expect(counters.reasons.count == FleetCounters.reasonsMax + 1)
        #expect(counters.reasons.values.reduce(0, +) == 100)
    }

    @Test func `lines and JSON`() {
        var counters = FleetCounters()
        counters.count(.heartbeatAnswered(after: .milliseconds(1)))
        counters.count(.dialFailed("connection refused"))
        let report = FleetReport(
            kind: "report", elapsed: .milliseconds(2500), over: .seconds(2), nodes: 3,
            gauges: FleetGauges(alive: 3, connected: 2, registered: 1), counters: counters, since: FleetCounters())
        #expect(
            report.line
                == "    2.5s  connected 2/3  registered 1  beats/s 0.5  answer p50 1.02 ms p99 1.02 ms  reconnects 1  errors 1  (connection refused)"
        )
        #expect(
            report.json
                == #"{"alive":3,"connected":2,"elapsed_seconds":2.5,"errors":1,"heartbeats":1,"heartbeats_per_second":0.5,"kind":"report","latency_p50_ms":1.024,"latency_p99_ms":1.024,"nodes":3,"postponed":0,"reasons":{"connection refused":1},"reconnects":1,"registered":1,"registrations":0}"#
        )
        #expect(report.paragraphs.last == "  1 × connection refused")
        #expect(
            FleetAct(elapsed: .seconds(1), text: "kill: a \"b\"").json
                == #"{"act":"kill: a \"b\"","elapsed_seconds":1,"kind":"act"}"#)
    }
}
