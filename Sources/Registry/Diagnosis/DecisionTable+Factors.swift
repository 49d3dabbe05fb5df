internal import ErrorCatalogue

// Many nodes that fell silent at once, told as one by what they have in common; the last rows are about single nodes
// that are measured or announced.
extension DecisionTable {
    static let factorRows: [DecisionRow] = [
        DecisionRow(
            "95226a-site", .noContact, .init(topic: .reachability, factors: [.site]),
            title: Phrase(
                "site {site}: no contact with {lost} of {due} machines since {since}",
                "站台 {site}：自 {since} 起與 {due} 部電腦中的 {lost} 部失去聯繫"),
            cause: Phrase(
                "the path between site {site} and {server} is down (site-to-site VPN, private peering, firewall or "
                    + "router): its machines fell silent together",
                "站台 {site} 與 {server} 之間的路徑中斷（站台對站台 VPN、私人對等互連、防火牆或路由器）：其電腦同時失去訊息"),
            other: Phrase("a power failure at site {site}", "站台 {site} 停電"),
            remedy: .init(
                Phrase(
                    "check the VPN or private peering between site {site} and the network of {server}",
                    "檢查站台 {site} 與 {server} 所在網路之間的 VPN 或私人對等互連"),
                Phrase(
                    "from a machine of site {site}: telnet {server} {port} (a blank screen is success); ping {server}",
                    "在站台 {site} 的電腦上執行：telnet {server} {port}（出現空白畫面即表示成功）；ping {server}"),
                Phrase(
                    "if the path is up, look at {host} ({address}), the first of them to fall silent",
                    "若路徑正常，請檢查最先失去訊息的 {host}（{address}）"))),
        DecisionRow(
            "common-fleet", .commonCause, .init(topic: .reachability, factors: [.fleet]),
            title: Phrase(
                "{lost} of {due} machines of all sites fell silent at {since}",
                "所有站台的 {due} 部電腦中有 {lost} 部於 {since} 失去訊息"),
            cause: Phrase(
                "the network of {server} itself: machines of every site fell silent together",
                "{server} 本身的網路：各站台的電腦同時失去訊息"),
            other: Phrase(
                "a firewall or load balancer in front of {server} drops port {port}",
                "{server} 前方的防火牆或負載平衡器阻擋連接埠 {port}"),
            remedy: .init(
                Phrase(
                    "on {server}: see that its network interface is up (ip address; ip route)",
                    "在 {server} 上確認網路介面已啟用（ip address；ip route）"),
                Phrase(
                    "from another machine: telnet {server} {port} (a blank screen is success)",
                    "從另一部電腦執行：telnet {server} {port}（出現空白畫面即表示成功）"))),
        DecisionRow(
            "common-process-server", .commonCause, .init(topic: .reachability, factors: [.processServer]),
            title: commonTitle,
            cause: Phrase(
                "the network beside process server {factor}: machines that send through it fell silent together",
                "處理序伺服器 {factor} 所在的網路：經由它傳送資料的電腦同時失去訊息"),
            other: Phrase("process server {factor} overloads them or their network", "處理序伺服器 {factor} 使它們或網路過載"),
            remedy: .init(
                Phrase(
                    "look at {factor} and at the switch, router or virtual network it shares with {host}",
                    "檢查 {factor}，以及它與 {host} 共用的交換器、路由器或虛擬網路"), telnetFromOne)),
        DecisionRow(
            "common-server-address", .commonCause, .init(topic: .reachability, factors: [.serverAddress]),
            title: commonTitle,
            cause: Phrase(
                "the address {factor} of {server}, its network interface or the network behind it",
                "{server} 的位址 {factor}、其網路介面，或該介面後方的網路"),
            other: Phrase("a route to {factor} was withdrawn or changed", "通往 {factor} 的路由已撤銷或變更"),
            remedy: .init(
                Phrase(
                    "on {server}: see that {factor} is up (ip address; ip route)",
                    "在 {server} 上確認 {factor} 已啟用（ip address；ip route）"),
                Phrase(
                    "from {host}: telnet {factor} {port} (a blank screen is success)",
                    "在 {host} 上執行：telnet {factor} {port}（出現空白畫面即表示成功）"))),
        DecisionRow(
            "common-nat-address", .commonCause, .init(topic: .reachability, factors: [.natAddress]), title: commonTitle,
            cause: Phrase(
                "the NAT device or proxy at {factor}: everybody behind it fell silent together",
                "位於 {factor} 的 NAT 裝置或 Proxy：其後方的電腦同時失去訊息"),
            other: Phrase("the line of {factor} to {server}", "{factor} 到 {server} 的線路"),
            remedy: .init(
                Phrase("look at the NAT device or proxy at {factor}", "檢查位於 {factor} 的 NAT 裝置或 Proxy"), telnetFromOne)),
        DecisionRow(
            "common-agent-version", .commonCause, .init(topic: .reachability, factors: [.agentVersion]),
            title: commonTitle,
            cause: Phrase(
                "agent version {factor}: machines that run it fell silent together, others go on",
                "代理程式版本 {factor}：使用它的電腦同時失去訊息，其他電腦正常"),
            other: Phrase(
                "an upgrade or a settings change was rolled out to exactly these machines", "升級或設定變更正好套用到這些電腦"),
            remedy: .init(
                Phrase(
                    "on {host} ({address}), one of them: see whether the agent runs, and read its log",
                    "在其中一部 {host}（{address}）上確認代理程式是否執行，並查看其記錄檔"),
                Phrase("stop rolling out {factor}", "停止部署 {factor}"))),
        DecisionRow(
            "common-certificate-issuer", .commonCause, .init(topic: .reachability, factors: [.certificateIssuer]),
            title: commonTitle,
            cause: Phrase(
                "the certificates that {factor} issued: machines that have one fell silent together, others go on",
                "由 {factor} 核發的憑證：使用它的電腦同時失去訊息，其他電腦正常"),
            other: Phrase(
                "the identities of exactly these machines were replaced, or they share something that is not known here",
                "這些電腦的身分剛被更換，或它們有此處不知道的共同點"),
            remedy: .init(
                Phrase(
                    "on {server}: rollcall pki show DIRECTORY/pki: see that ca.pem still holds {factor}, and until when it is valid",
                    "在 {server} 上執行 rollcall pki show DIRECTORY/pki：確認 ca.pem 仍含 {factor}，以及其有效期限"),
                Phrase(
                    "on {host} ({address}), one of them: read the agent's log: it says whether TLS is refused",
                    "在其中一部 {host}（{address}）上查看代理程式的記錄檔：其中說明 TLS 是否遭拒"))),
    ]

    private static let commonTitle = Phrase(
        "{lost} of {due} machines {common} fell silent at {since}", "{common}的 {due} 部電腦中有 {lost} 部於 {since} 失去訊息")
    private static let telnetFromOne = Phrase(
        "from {host}: telnet {server} {port} (a blank screen is success)",
        "在 {host} 上執行：telnet {server} {port}（出現空白畫面即表示成功）")

    static let measuredRows: [DecisionRow] = [
        DecisionRow(
            "clock-of-server", .clockSkew, .critical, .init(topic: .clock, factors: [.fleet]),
            title: Phrase(
                "{server}: the configuration server's own clock is {skew} {direction} those of {count} of the {due} machines that "
                    + "registered last", "{server}：組態伺服器本身的時鐘比最近註冊的 {due} 部電腦中的 {count} 部{direction} {skew}"),
            cause: Phrase("time synchronisation does not run on {server}", "{server} 未執行時間同步"),
            other: Phrase("the machines ask a time server that is wrong", "這些電腦使用了錯誤的時間伺服器"),
            remedy: .init(
                Phrase(
                    "on {server}: timedatectl; then chronyc makestep, or systemctl restart systemd-timesyncd",
                    "在 {server} 上執行：timedatectl；再執行 chronyc makestep 或 systemctl restart systemd-timesyncd"),
                Phrase(
                    "compare with a time server that both can reach: chronyc sources",
                    "與雙方都能連線的時間伺服器比對：chronyc sources"))),
        DecisionRow(
            "clock-wrong", .clockSkew, .critical, .init(topic: .clock, levels: [.critical]), title: clockTitle,
            cause: Phrase("time synchronisation does not run on {host}", "{host} 未執行時間同步"),
            other: Phrase("it asks a wrong time server, or {server} does", "它或 {server} 使用了錯誤的時間伺服器"),
            remedy: setClock),
        DecisionRow(
            "clock-off", .clockSkew, .warning, .init(topic: .clock, levels: [.warning]), title: clockTitle,
            cause: Phrase("time synchronisation on {host} does not run, or has just begun", "{host} 的時間同步未執行，或剛剛開始"),
            other: Phrase("{host} was suspended, or restored from a snapshot", "{host} 曾經暫停，或由快照還原"), remedy: setClock),
        DecisionRow(
            "version-too-old", .versionUnsupported, .init(topic: .version),
            title: Phrase(
                "{host}: version {version} does not fit this server's {server_version}",
                "{host}：版本 {version} 與此伺服器的 {server_version} 不符"),
            cause: Phrase(
                "{host} was left out of an upgrade, or upgraded before the server: {version}",
                "{host} 在升級時遺漏，或先於伺服器升級：{version}"),
            other: Phrase("it was restored from an old image", "它由舊的映像還原"),
            remedy: .init(
                Phrase(
                    "upgrade in this order: {server}, process servers, then the agent on {host} ({address})",
                    "依此順序升級：{server}、處理序伺服器，最後是 {host}（{address}）上的代理程式"))),
        DecisionRow(
            "certificate-expiring", .certificateExpiring, .warning, .init(topic: .certificate),
            title: Phrase("{host}: its certificate ends on {until}", "{host}：其憑證將於 {until} 到期"),
            cause: Phrase("it was issued long ago and not renewed", "憑證核發已久且未更新"),
            other: Phrase(
                "it was renewed, and {host} still uses the old one: its agent was not restarted",
                "憑證已更新，但 {host} 仍使用舊憑證：其代理程式未重新啟動"),
            remedy: .init(
                Phrase(
                    "on {server}: rollcall pki node --force, for the same id",
                    "在 {server} 上執行：rollcall pki node --force，使用相同的識別碼"),
                Phrase("copy the new identity to {host} and restart its agent", "將新的身分複製到 {host} 並重新啟動代理程式"))),
        DecisionRow(
            "78186-many-silent", .dataPathBlocked,
            .init(topic: .dataPath, neighbours: [.noneAnswers], factors: [.processServer]), title: manyTitle,
            cause: Phrase(
                "process server {process_server} is down: it is not heard here, either",
                "處理序伺服器 {process_server} 已停機：此處也收不到它的訊息"),
            other: Phrase(
                "a firewall or proxy between these machines and {process_server} blocks port {ps_port}",
                "這些電腦與 {process_server} 之間的防火牆或 Proxy 阻擋連接埠 {ps_port}"),
            remedy: .init(Phrase("bring {process_server} back first", "請先恢復 {process_server}"), telnetData)),
        DecisionRow(
            "78186-many", .dataPathBlocked, .init(topic: .dataPath, factors: [.processServer]), title: manyTitle,
            cause: Phrase(
                "cxprocessserver does not listen on port {ps_port} of {process_server}, or its firewall blocks that port",
                "{process_server} 上的 cxprocessserver 未接聽連接埠 {ps_port}，或其防火牆阻擋該連接埠"),
            other: Phrase(
                "a firewall or proxy between these machines and {process_server} blocks port {ps_port}",
                "這些電腦與 {process_server} 之間的防火牆或 Proxy 阻擋連接埠 {ps_port}"),
            remedy: .init(
                Phrase(
                    "on {process_server}: see that cxprocessserver runs, and that the firewall lets TCP port {ps_port} in",
                    "在 {process_server} 上確認 cxprocessserver 正在執行，且防火牆允許 TCP 連接埠 {ps_port} 連入"),
                telnetData,
                Phrase(
                    "open TCP port {ps_port} on the way from these machines to {process_server}",
                    "開放這些電腦到 {process_server} 途中的 TCP 連接埠 {ps_port}"))),
        DecisionRow(
            "78186-silent", .dataPathBlocked, .init(topic: .dataPath, neighbours: [.noneAnswers]), title: dataTitle,
            cause: Phrase(
                "process server {process_server} is down: it is silent here, too",
                "處理序伺服器 {process_server} 已停機：此處也收不到它的訊息"),
            other: Phrase(
                "a firewall between {host} and {process_server} blocks port {ps_port}",
                "{host} 與 {process_server} 之間的防火牆阻擋連接埠 {ps_port}"),
            remedy: .init(
                Phrase("bring {process_server} back first: see error 806", "請先恢復 {process_server}：見錯誤 806"), telnetData)
        ),
        DecisionRow(
            "78186-up", .dataPathBlocked, .init(topic: .dataPath), title: dataTitle,
            cause: Phrase(
                "a firewall between {host} and {process_server} blocks port {ps_port}: both are heard here",
                "{host} 與 {process_server} 之間的防火牆阻擋連接埠 {ps_port}：此處兩者都有訊息"),
            other: Phrase(
                "cxprocessserver does not listen on {process_server}, or a proxy is in the way",
                "{process_server} 上的 cxprocessserver 未接聽，或途中有 Proxy"),
            remedy: .init(
                telnetData,
                Phrase(
                    "open TCP port {ps_port} from {host} ({address}) to {process_server}",
                    "開放由 {host}（{address}）到 {process_server} 的 TCP 連接埠 {ps_port}"),
                Phrase(
                    "on {process_server}: see that cxprocessserver runs", "在 {process_server} 上確認 cxprocessserver 正在執行")
            )),
        DecisionRow(
            "95226-failover", .failoverOverdue, .init(topic: .failover),
            title: Phrase(
                "{host}: failed over at {declared}, and not registered since", "{host}：於 {declared} 容錯移轉，之後未註冊"),
            cause: Phrase(
                "the cloud network of {host} is not joined with that of {server}: no VPN or private peering",
                "{host} 所在的雲端網路未與 {server} 的網路相連：沒有 VPN 或私人對等互連"),
            other: Phrase(
                "InMage Scout Application Service does not run on the cloud VM, or its settings name another server",
                "雲端虛擬機器上未執行 InMage Scout Application Service，或其設定指向另一部伺服器"),
            remedy: .init(
                Phrase(
                    "join the VM's network with that of {server} by VPN or private peering; on the VM: telnet {server} {port} "
                        + "and ping {server}",
                    "以 VPN 或私人對等互連連接虛擬機器與 {server} 的網路；在虛擬機器上執行 telnet {server} {port} 與 ping {server}"),
                Phrase(
                    "sign in to the VM: start InMage Scout Application Service and set it to Automatic",
                    "登入虛擬機器：啟動 InMage Scout Application Service 並設為「自動」"),
                Phrase("see that the agent's settings name {server}", "確認代理程式的設定指向 {server}"))),
    ]

    private static let clockTitle = Phrase(
        "{host}: its clock is {skew} {direction} the server's", "{host}：其時鐘比伺服器{direction} {skew}")
    private static let setClock = DecisionRow.Remedy(
        linux: [
            Phrase(
                "on {host}: timedatectl; then chronyc makestep, or systemctl restart systemd-timesyncd",
                "在 {host} 上執行：timedatectl；再執行 chronyc makestep 或 systemctl restart systemd-timesyncd")
        ],
        windows: [
            Phrase(
                "on {host}: w32tm /query /status, then w32tm /resync",
                "在 {host} 上執行：w32tm /query /status，再執行 w32tm /resync")
        ],
        other: [
            Phrase(
                "on {host} ({address}) and on {server}: compare the clocks, and start time synchronisation",
                "比較 {host}（{address}）與 {server} 的時鐘，並啟動時間同步")
        ])
    private static let dataTitle = Phrase(
        "{host}: cannot reach its process server {process_server} on port {ps_port}",
        "{host}：無法連到其處理序伺服器 {process_server} 的連接埠 {ps_port}")
    private static let manyTitle = Phrase(
        "{process_server}: {count} machines cannot reach data port {ps_port} of this process server",
        "{process_server}：{count} 部電腦無法連到此處理序伺服器的資料連接埠 {ps_port}")
    private static let telnetData = Phrase(
        "on {host}: telnet {process_server} {ps_port} (a blank screen is success)",
        "在 {host} 上執行：telnet {process_server} {ps_port}（出現空白畫面即表示成功）")
}
