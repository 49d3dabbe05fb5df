internal import ErrorCatalogue

// Nodes that do not answer. A whole site, or others with something in common, are told as one: DecisionTable+Factors.
extension DecisionTable {
    private static let telnet = Phrase(
        "on {host}: telnet {server} {port} (a blank screen is success)",
        "在 {host} 上執行：telnet {server} {port}（出現空白畫面即表示成功）")
    private static let console = Phrase(
        "look at the console of {host} ({address}): start or restart it if it is off or hung",
        "查看 {host}（{address}）的主控台：已關機就開機，停止回應就重新啟動")
    private static let isGone = Phrase("{host} is off, hung or off the network", "{host} 已關機、停止回應或不在網路上")
    private static let cutOnTheWay = Phrase(
        "a firewall, NAT device or VPN between {host} and {server} cut the connection",
        "{host} 與 {server} 之間的防火牆、NAT 裝置或 VPN 切斷了連線")
    private static let asked = Phrase(
        "{host} was asked and does not answer: it is off, hung or off the network",
        "已詢問 {host} 但沒有回應：它已關機、停止回應或不在網路上")

    private static func refused(_ name: String, _ code: ErrorCode, _ role: Role) -> DecisionRow {
        DecisionRow(
            name, code,
            .init(topic: .reachability, roles: [role], attempts: AttemptReason.allCases.filter(\.isFailure)),
            title: Phrase(
                "{host}: tries to connect, and does not get in, since {since}", "{host}：自 {since} 起嘗試連線，但無法連入"),
            cause: Phrase(
                "{host} is up and is refused: its own error about getting in says why",
                "{host} 正在運作但遭到拒絕：原因見關於其連線的另一項錯誤"),
            other: cutOnTheWay,
            remedy: .init(
                Phrase(
                    "see the other error of {host}: rollcall errors --node {host}",
                    "請見 {host} 的另一項錯誤：rollcall errors --node {host}"),
                telnet))
    }

    /// It said that it would be back, and is not.
    private static func notBack(_ prefix: String, _ restarting: ErrorCode, _ upgrading: ErrorCode, _ role: Role)
        -> [DecisionRow]
    {
        [
            DecisionRow(
                "\(prefix)-restarting", restarting, .init(topic: .reachability, roles: [role], endings: [.restarting]),
                title: Phrase(
                    "{host}: not back from the restart that it announced at {since}", "{host}：於 {since} 宣告重新啟動後沒有恢復"),
                cause: Phrase(
                    "{host} hangs in its restart: it shut down, and did not come up again",
                    "{host} 在重新啟動過程中停住：已關機但沒有再啟動"),
                other: Phrase(
                    "{host} is up, but its agent does not start with it, or its network is down",
                    "{host} 已啟動，但代理程式未隨之啟動，或網路不通"),
                remedy: .init(
                    Phrase(
                        "look at the console of {host} ({address}): it may wait for somebody, or for a disk check",
                        "查看 {host}（{address}）的主控台：它可能正在等待輸入或檢查磁碟"),
                    Phrase(
                        "if it is up, see that its agent is set to start with the machine, and start it",
                        "若已啟動，確認代理程式設為隨電腦啟動，並將它啟動"),
                    telnet)),
            DecisionRow(
                "\(prefix)-upgrading", upgrading, .init(topic: .reachability, roles: [role], endings: [.upgrading]),
                title: Phrase(
                    "{host}: not back from the agent's upgrade that it announced at {since}",
                    "{host}：於 {since} 宣告升級代理程式後沒有恢復"),
                cause: Phrase(
                    "the upgrade of the agent on {host} failed, or did not start it again",
                    "{host} 上的代理程式升級失敗，或升級後未重新啟動"),
                other: Phrase("the new agent on {host} cannot get in: see its log", "{host} 上的新代理程式無法連入：請查看其記錄檔"),
                remedy: .init(
                    Phrase(
                        "sign in to {host} ({address}): see what the package manager says, and start the agent",
                        "登入 {host}（{address}）：查看套件管理程式的訊息，並啟動代理程式"),
                    Phrase("read the agent's log on {host}", "查看 {host} 上代理程式的記錄檔"), telnet)),
        ]
    }

    static let processServerRows: [DecisionRow] =
        // Why it does not get in is known better than where it hangs.
        [refused("806-refused", .processServerSilent, .processServer)]
        + notBack("806", .processServerSilent, .processServerSilent, .processServer) + [
            DecisionRow(
                "806-asked-up", .processServerSilent,
                .init(topic: .reachability, roles: [.processServer], probes: [.yes]), title: processServerTitle,
                cause: Phrase(
                    "tmansvc on {host} is stopped or hangs: the machine answers when it is asked",
                    "{host} 上的 tmansvc 已停止或停止回應：詢問時電腦有回應"),
                other: Phrase(
                    "a firewall lets {host} be asked, but not reach {server} on port {port}",
                    "防火牆允許詢問 {host}，但不允許它連到 {server} 的連接埠 {port}"),
                remedy: startTmansvc),
            DecisionRow(
                "806-asked-down", .processServerSilent,
                .init(topic: .reachability, roles: [.processServer], probes: [.no]), title: processServerTitle,
                cause: asked,
                other: Phrase(
                    "tmansvc on {host} stopped, and a firewall keeps it from being asked",
                    "{host} 上的 tmansvc 已停止，且防火牆阻擋詢問"),
                remedy: .init(console, telnet)),
            DecisionRow(
                "806-ended", .processServerSilent,
                .init(topic: .reachability, roles: [.processServer], endings: [.reset, .closed]),
                title: processServerTitle,
                cause: Phrase(
                    "tmansvc on {host} stopped, or the machine restarts: its kernel still answered when the connection was "
                        + "{loss}", "{host} 上的 tmansvc 已停止，或電腦正在重新啟動：連線{loss}時，其作業系統核心仍有回應"),
                other: cutOnTheWay, remedy: startTmansvc),
            DecisionRow(
                "806", .processServerSilent, .init(topic: .reachability, roles: [.processServer]),
                title: processServerTitle, cause: isGone,
                other: Phrase(
                    "tmansvc on {host} hangs, or {host} cannot reach {server} on port {port}",
                    "{host} 上的 tmansvc 停止回應，或 {host} 無法連到 {server} 的連接埠 {port}"),
                remedy: .init(
                    console,
                    Phrase(
                        "on {host}: see that tmansvc runs; telnet {server} {port} (a blank screen is success)",
                        "在 {host} 上確認 tmansvc 正在執行；telnet {server} {port}（出現空白畫面即表示成功）"))),
        ]

    private static let processServerTitle = Phrase(
        "process server {host}: no heartbeat since {since}", "處理序伺服器 {host}：自 {since} 起沒有活動訊號")
    private static let startTmansvc = DecisionRow.Remedy(
        linux: [
            Phrase(
                "sign in to {host} ({address}) and see that tmansvc runs, and start it if not",
                "登入 {host}（{address}），確認 tmansvc 正在執行；若未執行，請將它啟動"), telnet,
        ],
        windows: [
            Phrase(
                "sign in to {host} ({address}); in services.msc see that tmansvc runs, or: sc start tmansvc",
                "登入 {host}（{address}）；在 services.msc 中確認 tmansvc 正在執行，或執行：sc start tmansvc"), telnet,
        ],
        other: [
            Phrase(
                "sign in to {host} ({address}) and see that tmansvc runs, and start it if not",
                "登入 {host}（{address}），確認 tmansvc 正在執行；若未執行，請將它啟動"), telnet,
        ])

    static let masterTargetRows: [DecisionRow] =
        // Why it does not get in is known better than where it hangs.
        [refused("78022-refused", .masterTargetSilent, .masterTarget)]
        + notBack("78022", .masterTargetSilent, .masterTargetSilent, .masterTarget) + [
            DecisionRow(
                "78022-asked-up", .masterTargetSilent,
                .init(topic: .reachability, roles: [.masterTarget], probes: [.yes]), title: masterTargetTitle,
                cause: Phrase(
                    "svagents on {host} is stopped or hangs: the machine answers when it is asked",
                    "{host} 上的 svagents 已停止或停止回應：詢問時電腦有回應"),
                other: Phrase(
                    "a firewall lets {host} be asked, but not reach {server} on port {port}",
                    "防火牆允許詢問 {host}，但不允許它連到 {server} 的連接埠 {port}"),
                remedy: .init(startSvagents, telnet)),
            DecisionRow(
                "78022-asked-down", .masterTargetSilent,
                .init(topic: .reachability, roles: [.masterTarget], probes: [.no]), title: masterTargetTitle,
                cause: asked,
                other: Phrase(
                    "svagents on {host} stopped, and a firewall keeps it from being asked",
                    "{host} 上的 svagents 已停止，且防火牆阻擋詢問"),
                remedy: .init(console, telnet)),
            DecisionRow(
                "78022-ended", .masterTargetSilent,
                .init(topic: .reachability, roles: [.masterTarget], endings: [.reset, .closed]),
                title: masterTargetTitle,
                cause: Phrase(
                    "svagents on {host} stopped, or the machine restarts: its kernel still answered when the connection was "
                        + "{loss}", "{host} 上的 svagents 已停止，或電腦正在重新啟動：連線{loss}時，其作業系統核心仍有回應"),
                other: cutOnTheWay, remedy: .init(startSvagents, telnet)),
            DecisionRow(
                "78022", .masterTargetSilent, .init(topic: .reachability, roles: [.masterTarget]),
                title: masterTargetTitle,
                cause: isGone,
                other: Phrase(
                    "svagents on {host} hangs, or {host} cannot reach {server} on port {port}",
                    "{host} 上的 svagents 停止回應，或 {host} 無法連到 {server} 的連接埠 {port}"),
                remedy: .init(
                    console,
                    Phrase(
                        "on {host}: see that svagents runs; telnet {server} {port} (a blank screen is success)",
                        "在 {host} 上確認 svagents 正在執行；telnet {server} {port}（出現空白畫面即表示成功）"))),
        ]

    private static let masterTargetTitle = Phrase(
        "master target {host}: no heartbeat since {since}", "主要目標伺服器 {host}：自 {since} 起沒有活動訊號")
    private static let startSvagents = Phrase(
        "sign in to {host} ({address}) and see that svagents runs, and restart it if not",
        "登入 {host}（{address}），確認 svagents 正在執行；若未執行，請重新啟動")

    static let mobilityAgentRows: [DecisionRow] =
        // Why it does not get in is known better than where it hangs.
        [refused("78174-refused", .noHeartbeatFromSource, .mobilityAgent)]
        + notBack("78093", .machineGone, .noHeartbeatFromSource, .mobilityAgent) + [
            DecisionRow(
                "78174-asked-up", .noHeartbeatFromSource,
                .init(topic: .reachability, roles: [.mobilityAgent], probes: [.yes]),
                title: Phrase(
                    "{host}: the machine answers, its agent and its application service do not, since {since}",
                    "{host}：自 {since} 起電腦有回應，但代理程式與應用程式服務都沒有"),
                cause: Phrase(
                    "both services on {host} are stopped or hang: svagents and InMage Scout Application Service; the machine answers "
                        + "when it is asked",
                    "{host} 上的兩項服務（svagents 與 InMage Scout Application Service）都已停止或停止回應；詢問時電腦有回應"),
                other: Phrase(
                    "a firewall lets {host} be asked, but not reach {server} on port {port}",
                    "防火牆允許詢問 {host}，但不允許它連到 {server} 的連接埠 {port}"),
                remedy: .init(
                    Phrase(
                        "sign in to {host} ({address}): start svagents and InMage Scout Application Service, and set both to "
                            + "start with the machine",
                        "登入 {host}（{address}）：啟動 svagents 與 InMage Scout Application Service，並設為隨電腦啟動"),
                    Phrase("read the agent's log on {host}", "查看 {host} 上代理程式的記錄檔"), telnet)),
            DecisionRow(
                "78093-asked-down", .machineGone,
                .init(topic: .reachability, roles: [.mobilityAgent], probes: [.no]), title: goneTitle, cause: asked,
                other: Phrase(
                    "its agent stopped, and a firewall keeps {host} from being asked", "代理程式已停止，且防火牆阻擋對 {host} 的詢問"),
                remedy: .init(console, rightNetwork, restartJob)),
            DecisionRow(
                "95226a-ended", .noContact,
                .init(topic: .reachability, roles: [.mobilityAgent], endings: [.reset, .closed]),
                title: Phrase("{host}: no contact since {since}", "{host}：自 {since} 起失去聯繫"),
                cause: Phrase(
                    "the agent on {host} stopped, or the machine restarts: its kernel still answered when the connection was "
                        + "{loss}", "{host} 上的代理程式已停止，或電腦正在重新啟動：連線{loss}時，其作業系統核心仍有回應"),
                other: Phrase(
                    "the network: a firewall, NAT device or VPN between {host} and {server} cut the connection",
                    "網路問題：{host} 與 {server} 之間的防火牆、NAT 裝置或 VPN 切斷了連線"),
                remedy: .init(
                    Phrase(
                        "sign in to {host} ({address}) and see that the agent runs, and start it if not",
                        "登入 {host}（{address}），確認代理程式正在執行；若未執行，請將它啟動"),
                    Phrase(
                        "on {host}: telnet {server} {port} (a blank screen is success); ping {server}",
                        "在 {host} 上執行：telnet {server} {port}（出現空白畫面即表示成功）；ping {server}"),
                    Phrase("on {host}: see that the agent's settings name {server}", "在 {host} 上確認代理程式的設定指向 {server}"))),
            DecisionRow(
                "78093-neighbours", .machineGone,
                .init(
                    topic: .reachability, roles: [.mobilityAgent], endings: [.fellSilent], neighbours: [.someAnswer]),
                title: goneTitle,
                cause: Phrase(
                    "{host} is off, hung or off the network: it fell silent without closing its connection, and others of "
                        + "site {site} answer", "{host} 已關機、停止回應或不在網路上：它未關閉連線即失去訊息，而站台 {site} 的其他電腦有回應"),
                other: Phrase("the agent on {host} hangs", "{host} 上的代理程式停止回應"),
                remedy: .init(console, rightNetwork, restartJob)),
            DecisionRow(
                "78093", .machineGone, .init(topic: .reachability, roles: [.mobilityAgent], endings: [.fellSilent]),
                title: goneTitle,
                cause: Phrase(
                    "{host} is off, hung or off the network: it fell silent without closing its connection",
                    "{host} 已關機、停止回應或不在網路上：它未關閉連線即失去訊息"),
                other: Phrase(
                    "the path between site {site} and {server} is down: no other node of the site could tell",
                    "站台 {site} 與 {server} 之間的路徑中斷：該站台沒有其他電腦可供比對"),
                remedy: .init(
                    console,
                    Phrase(
                        "from {host} or a machine beside it: telnet {server} {port} (a blank screen is success); ping {server}",
                        "在 {host} 或同網路的電腦上執行：telnet {server} {port}（出現空白畫面即表示成功）；ping {server}"))),
            DecisionRow(
                "78174-not-back", .noHeartbeatFromSource,
                .init(topic: .reachability, roles: [.mobilityAgent], endings: [.notBack]), title: silentTitle,
                cause: Phrase(
                    "{host} did not come back after {server} restarted: it went away while the server was down",
                    "{server} 重新啟動後 {host} 沒有回來：它在伺服器停機期間離線"),
                other: Phrase("its agent cannot get in: see its log for the reason", "代理程式無法連入：原因見其記錄檔"),
                remedy: .init(
                    Phrase(
                        "see whether {host} ({address}) is up and its agent runs", "確認 {host}（{address}）已開機且代理程式正在執行"),
                    Phrase(
                        "read the agent's log on {host}: it says why it cannot register",
                        "查看 {host} 上代理程式的記錄檔：其中說明無法註冊的原因"), telnet)),
            DecisionRow(
                "78174", .noHeartbeatFromSource, .init(topic: .reachability, roles: [.mobilityAgent]),
                title: silentTitle,
                cause: Phrase("its connection was {loss}, and it did not come back", "其連線{loss}，之後沒有回來"),
                other: Phrase(
                    "the agent on {host} is broken or of a version that does not fit this server",
                    "{host} 上的代理程式已損壞，或版本與此伺服器不符"),
                remedy: .init(
                    Phrase(
                        "read the agent's log on {host} ({address}): it says why it does not come back",
                        "查看 {host}（{address}）上代理程式的記錄檔：其中說明沒有回來的原因"),
                    Phrase("restart the agent on {host}", "重新啟動 {host} 上的代理程式"))),
        ]

    private static let goneTitle = Phrase(
        "{host}: off, hung or off the network since {since}", "{host}：自 {since} 起已關機、停止回應或不在網路上")
    private static let silentTitle = Phrase("{host}: no heartbeat since {since}", "{host}：自 {since} 起沒有活動訊號")
    private static let rightNetwork = Phrase("see that it is on the right network", "確認它連到正確的網路")
    private static let restartJob = Phrase("then restart the job that needs it", "接著重新執行需要它的作業")
}
