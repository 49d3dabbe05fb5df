import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import EventLoop
import SecureTransport

/// A probe for programs. The names are promises; what is not known is `null`.
enum ProbeDocument {
    /// The report with its verdict; what people read in it is in the language.
    static func json(
        _ report: ProbeReport, _ verdict: Verdict, explained: Bool = false, in language: Language = .english
    ) -> JSONValue {
        let chain = FieldChain(on: report)
        return .object([
            ("host", .string(report.target.host)),
            ("port", .integer(Int64(report.target.port))),
            ("started_at", .string("\(UTCTime(report.startedUnixMilliseconds))")),
            ("duration_ms", milliseconds(report.took)),
            ("verdict", json(verdict)),
            ("addresses", .array(report.addresses.map { .string("\($0)") })),
            ("checks", .array(report.checks.map { json($0, language) })),
            (
                "tls",
                .array(report.tls.map { json($0, nowUnixSeconds: report.startedUnixMilliseconds / 1000) })
            ),
            ("servers", .array(report.servers.map(json))),
            ("paths", .array(report.paths.map(json))),
            ("connects_but_unreachable", .bool(chain.connectsButIsUnreachable)),
            ("explained", explained ? .array(chain.steps.map { json($0, language) }) : .null),
        ])
    }

    /// A node with what was found out at each of its addresses, and the best of it.
    static func json(
        node: String, port: UInt16, _ outcomes: [(report: ProbeReport, verdict: Verdict)], _ grade: Grade,
        explained: Bool, in language: Language
    ) -> JSONValue {
        .object([
            ("node", .text(node)), ("port", .integer(Int64(port))), ("grade", .string(grade.rawValue)),
            (
                "probes",
                .array(outcomes.map { json($0.report, $0.verdict, explained: explained, in: language) })
            ),
        ])
    }

    private static func json(_ step: FieldChain.Step, _ language: Language) -> JSONValue {
        .object([
            ("command", .string(step.command.english)), ("shows", .string(step.shows.text(in: language))),
            ("succeeds", step.succeeds.map { .bool($0) } ?? .null),
        ])
    }

    private static func json(_ look: PathLook) -> JSONValue {
        let echo = look.echo
        return .object([
            ("address", .string("\(look.address)")),
            ("source_address", .word(look.source?.host)),
            ("interface", .word(look.interface?.name)),
            ("interface_kind", .word(look.interface?.kind.rawValue)),
            ("route_mtu", look.routeBytes.map { .integer(Int64($0)) } ?? .null),
            ("largest_packet", look.largestBytes.map { .integer(Int64($0)) } ?? .null),
            ("echo_sent", echo.map { .integer(Int64($0.sent)) } ?? .null),
            ("echo_answered", echo.map { .integer(Int64($0.roundTrips.count)) } ?? .null),
            ("segments_sent", .integer(Int64(look.segmentsSent))),
            ("segments_sent_again", .integer(Int64(look.segmentsSentAgain))),
        ])
    }

    private static func json(_ verdict: Verdict) -> JSONValue {
        .object([
            ("grade", .string(verdict.grade.rawValue)),
            ("symptom", .word(verdict.symptom?.rawValue)),
            ("cause", .string(verdict.cause)),
            ("evidence", .array(verdict.evidence.map { .string($0) })),
            ("next_step", .string(verdict.nextStep)),
        ])
    }

    private static func json(_ check: Check, _ language: Language) -> JSONValue {
        .object([
            ("check", .string(check.kind.rawValue)),
            ("address", .word(check.address.map { "\($0)" })),
            ("state", .string(check.state.rawValue)),
            ("symptom", .word(check.symptom?.rawValue)),
            ("detail", .string(check.detail.text(in: language))),
            ("duration_ms", check.took.map(milliseconds) ?? .null),
        ])
    }

    private static func json(_ look: TLSLook, nowUnixSeconds now: Int64) -> JSONValue {
        .object([
            ("address", .string("\(look.address)")),
            ("version", .text(look.facts.version)),
            ("cipher_suite", .text(look.facts.cipherSuite)),
            ("group", .text(look.facts.group)),
            ("application_protocol", .text(look.facts.applicationProtocol)),
            // Not "failed": whether it is trusted is a yes, a no, or not known.
            ("trusted", look.trust == .unknown ? .null : .bool(look.trust == .passed)),
            ("chain", .array(look.chain.map { json($0, now) })),
        ])
    }

    private static func json(_ certificate: CertificateFacts, _ now: Int64) -> JSONValue {
        .object([
            ("subject", .text(certificate.subject)),
            ("issuer", .text(certificate.issuer)),
            ("host_names", .array(certificate.hostNames.map { .string($0) })),
            ("uri", .text(certificate.uri)),
            ("not_before", .string("\(UTCTime(certificate.notBeforeUnixSeconds * 1000))")),
            ("not_after", .string("\(UTCTime(certificate.notAfterUnixSeconds * 1000))")),
            ("days_left", .integer(certificate.daysLeft(atUnixSeconds: now))),
        ])
    }

    private static func json(_ look: ServerLook) -> JSONValue {
        .object([
            ("address", .string("\(look.address)")),
            ("fleet", .text(look.fleet)),
            ("version", .text(look.version)),
            ("readiness", .string(look.readiness.rawValue)),
            ("observed_address", .text(look.observedAddress)),
            ("local_address", .word(look.localAddress.map { "\($0)" })),
            ("address_translated", look.isTranslated.map { .bool($0) } ?? .null),
            ("identity", .text(look.identity)),
            ("clock_skew_ms", milliseconds(look.clockSkew)),
            ("server_time", .string("\(UTCTime(look.serverUnixMilliseconds))")),
            ("local_time", .string("\(UTCTime(look.localUnixMilliseconds))")),
            (
                "round_trip_ms",
                .object([
                    ("min", milliseconds(look.shortest)), ("avg", milliseconds(look.average)),
                    ("max", milliseconds(look.longest)), ("each", .array(look.roundTrips.map(milliseconds))),
                ])
            ),
        ])
    }

    /// With three digits after the point.
    static func milliseconds(_ duration: Duration) -> JSONValue {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return .number(Double(microseconds) / 1000)
    }
}
