public import ErrorCatalogue

/// What the tools that field engineers use, in their order, would have shown of a path: so that people and scripts that
/// know those can compare. It follows from the report; nothing of it is run. Pure.
public struct FieldChain: Hashable, Sendable {
    /// One tool.
    public struct Step: Hashable, Sendable {
        /// The command, as it would be typed.
        public var command: Phrase
        /// What it would have shown.
        public var shows: Phrase
        /// Whether that is a success; nil: it decides nothing, or is not known.
        public var succeeds: Bool?
    }

    /// ping, telnet, browser, end-to-end client.
    public let steps: [Step]

    /// TCP connects, and still the machine cannot register: a state of its own, which telnet cannot see. A server that
    /// drains is none: it comes back.
    public let connectsButIsUnreachable: Bool

    /// Read from a report.
    public init(on report: ProbeReport) {
        let target = report.target
        let best = report.addresses.max { Self.depth(report.checks(at: $0)) < Self.depth(report.checks(at: $1)) }
        let checks = best.map { report.checks(at: $0) } ?? []
        func check(_ kind: CheckKind) -> Check? { checks.last { $0.kind == kind } }
        let hasName = report.checks.contains { $0.kind == .name && $0.state == .passed }
        let telnet =
            hasName
            ? Self.telnet(check(.tcp))
            : (
                Phrase("could not resolve \(target.host): name unknown", "無法解析 \(target.host)：沒有這個名稱"), false
            )
        let browser =
            telnet.1 == true
            ? Self.browser(checks)
            : (
                hasName
                    ? Phrase("the same as telnet, in other words", "與 telnet 相同，只是說法不同")
                    : Phrase("the name cannot be found", "找不到這個名稱"), false
            )
        let answers = checks.contains { $0.kind == .ping && $0.state == .passed }
        let client = Self.client(checks, answers)
        steps = [
            Self.ping(check(.echo), hasName, target.host),
            Step(
                command: Phrase(same: "telnet \(target.host) \(target.port)"), shows: telnet.0, succeeds: telnet.1),
            Step(
                command: Phrase("browser https://\(target)/", "瀏覽器 https://\(target)/"), shows: browser.0,
                succeeds: browser.1),
            Step(
                command: Phrase("end-to-end client (rollcall agent)", "端對端用戶端（rollcall agent）"),
                shows: client.0, succeeds: client.1),
        ]
        connectsButIsUnreachable =
            telnet.1 == true && !client.1 && check(.tls) != nil && !checks.contains { $0.symptom == .draining }
    }

    private static func client(_ checks: [Check], _ answers: Bool) -> (Phrase, Bool) {
        if checks.contains(where: { $0.symptom == .draining }) {
            return (Phrase("is told to come back later: the server drains", "被告知稍後再來：伺服器正在停止"), false)
        }
        return answers && VerdictTable.row(of: checks)?.grade != .failed
            ? (Phrase("connects, is answered, can register", "連得上、有回答、可以註冊"), true)
            : (Phrase("cannot register: reported as unreachable at the server", "無法註冊：在伺服器上顯示為無法連線"), false)
    }

    private static func depth(_ checks: [Check]) -> Int { checks.filter { $0.state == .passed }.count }

    private static func ping(_ echo: Check?, _ hasName: Bool, _ host: String) -> Step {
        let shows: Phrase
        switch (hasName, echo?.state) {
        case (false, _): shows = Phrase("unknown host", "找不到主機")
        case (_, .passed?):
            shows = Phrase("replies; this says nothing about the port", "有回覆；這與連接埠無關")
        case (_, nil): shows = untried
        default:
            shows = Phrase("no replies; that decides nothing, many firewalls drop pings", "沒有回覆；這不能說明什麼，許多防火牆會丟棄 ping")
        }
        return Step(command: Phrase(same: "ping \(host)"), shows: shows, succeeds: hasName ? nil : false)
    }

    private static let untried = Phrase("not known: it was not tried", "不知道：沒有試過")

    private static func telnet(_ tcp: Check?) -> (Phrase, Bool?) {
        guard let tcp else { return (untried, nil) }
        if tcp.state == .passed {
            return (Phrase("a blank screen: that is success, TCP connects", "一片空白：這就是成功，TCP 連上了"), true)
        }
        return switch tcp.symptom {
        case .refused?, .refusedOnTheWay?: (Phrase(same: "“Connection refused”"), false)
        case .rejected?:
            (
                Phrase("“Connection refused” or “No route to host”", "“Connection refused”或“No route to host”"), false
            )
        case .filtered?: (Phrase("“Trying …”, and nothing more for two minutes", "“Trying …”，兩分鐘內再無下文"), false)
        case .unreachable?, .noNeighbour?:
            (
                Phrase("“No route to host”, though it is a router that says so", "“No route to host”，其實是路由器說的"), false
            )
        case .noRoute?, .interfaceDown?: (Phrase(same: "“Network is unreachable”"), false)
        case .resetOnConnect?: (Phrase(same: "“Connection reset by peer”"), false)
        case .forbiddenHere?: (Phrase(same: "“Permission denied”"), false)
        default: (Phrase("an error: ", "錯誤：") + tcp.detail, false)
        }
    }

    private static func browser(_ checks: [Check]) -> (Phrase, Bool?) {
        let tls = checks.last { $0.kind == .tls }
        let symptoms = Set(checks.compactMap(\.symptom))
        if symptoms.contains(.proxyAuthentication) {
            return (Phrase("407, or a window that asks for a password: a proxy", "407，或要求密碼的視窗：是 Proxy"), false)
        }
        guard let tls else { return (Phrase("not known: TLS was not tried", "不知道：沒有試過 TLS"), nil) }
        if tls.state == .passed {
            return symptoms.contains(.notRollcall)
                ? (Phrase("another server's page, after a certificate warning perhaps", "別的伺服器的網頁，之前或許有憑證警告"), false)
                : symptoms.contains(.draining)
                    ? (
                        Phrase(
                            "a certificate warning and then “503 Service Unavailable”: TLS gets through, the server drains",
                            "憑證警告，然後是“503 Service Unavailable”：TLS 通得過，伺服器正在停止"), true
                    )
                    : (
                        Phrase(
                            "a certificate warning and then “400 Bad Request”: that is success, TLS gets through",
                            "憑證警告，然後是“400 Bad Request”：這就是成功，TLS 通得過"), true
                    )
        }
        return switch tls.symptom {
        case .silentAfterConnect?, .stalledAfterConnect?: (Phrase("it turns until it gives up", "一直轉圈，直到放棄"), false)
        case .resetInHandshake?: (Phrase("“the connection was reset”", "“連線已重設”"), false)
        case .closedInHandshake?: (Phrase("“the connection was closed unexpectedly”", "“連線意外關閉”"), false)
        case .oldTLS?: (Phrase("“unsupported protocol”", "“不支援的通訊協定”"), false)
        default: (Phrase("“secure connection failed”", "“安全連線失敗”"), false)
        }
    }
}
