internal import ErrorCatalogue

// Who flaps, and who shares an identity.
extension DecisionTable {
    private static let whenQuiet = Phrase(
        "nothing else: this error ends when it has stayed one way for {quiet}", "不需其他動作：維持同一狀態達 {quiet} 後，此錯誤會自動清除")
    private static let stableNetwork = Phrase(
        "between {host} ({address}) and {server}: look for a line that comes and goes, a duplicate address, an overloaded VPN",
        "檢查 {host}（{address}）與 {server} 之間時通時斷的線路、重複的位址或過載的 VPN")
    private static let agentLog = Phrase(
        "read the agent's log on {host} ({address}) and its service's restarts (systemctl status)",
        "查看 {host}（{address}）上代理程式的記錄檔與服務的重新啟動次數（systemctl status）")

    static let flappingRows: [DecisionRow] = [
        DecisionRow(
            "flapping-many", .flapping, .init(topic: .flapping, factors: FactorKind.allCases),
            title: Phrase(
                "machines {common}: lost and back {count} times since {since}", "{common}的電腦：自 {since} 起失聯後恢復 {count} 次"
            ),
            cause: Phrase(
                "what the machines {common} share comes and goes: a line, a VPN, a device",
                "{common}的電腦所共用的線路、VPN 或裝置時通時斷"),
            other: Phrase("the shared line is overloaded at times", "共用的線路不時過載"),
            remedy: .init(
                Phrase(
                    "look at the log of the VPN, router or device that the machines {common} share",
                    "查看{common}的電腦所共用的 VPN、路由器或裝置的記錄"),
                whenQuiet)),
        DecisionRow(
            "flapping-scout", .flapping, .init(topic: .flapping, service: .scoutApplicationService),
            title: serviceFlaps, cause: serviceCrashes, other: serviceFought, remedy: serviceRemedy),
        DecisionRow(
            "flapping-service", .flapping, .warning, .init(topic: .flapping, service: .other), title: serviceFlaps,
            cause: serviceCrashes, other: serviceFought, remedy: serviceRemedy),
        DecisionRow(
            "flapping-connection", .flapping, .warning, .init(topic: .flapping, levels: [.warning]),
            title: Phrase(
                "{host}: its connection broke {count} times since {since}; it came back in time each time",
                "{host}：自 {since} 起連線中斷 {count} 次，每次都及時恢復"),
            cause: Phrase(
                "the agent on {host} crashes and is started again, or something on the way cuts its connection",
                "{host} 上的代理程式當掉後重新啟動，或途中有裝置切斷連線"),
            other: Phrase("{host} is overloaded", "{host} 過載"), remedy: .init(agentLog, stableNetwork, whenQuiet)),
        DecisionRow(
            "flapping-ended", .flapping, .init(topic: .flapping, endings: [.reset, .closed]), title: nodeFlaps,
            cause: Phrase(
                "{host} or its agent is started again and again: its own machine ended the connection",
                "{host} 或其代理程式一再重新啟動：連線由該電腦本身結束"),
            other: Phrase(
                "a firewall or NAT device between {host} and {server} cuts its connections",
                "{host} 與 {server} 之間的防火牆或 NAT 裝置切斷連線"),
            remedy: .init(agentLog, stableNetwork, whenQuiet)),
        DecisionRow(
            "flapping", .flapping, .init(topic: .flapping), title: nodeFlaps,
            cause: Phrase(
                "the path between {host} and {server} comes and goes: nothing is heard for a while, then all is well",
                "{host} 與 {server} 之間的路徑時通時斷：一段時間沒有訊息，之後又恢復正常"),
            other: Phrase("{host} hangs at times, or is suspended and resumed", "{host} 不時停止回應，或被暫停後繼續"),
            remedy: .init(stableNetwork, agentLog, whenQuiet)),
    ]

    private static let nodeFlaps = Phrase(
        "{host}: lost and back {count} times since {since}", "{host}：自 {since} 起失聯後恢復 {count} 次")
    private static let serviceFlaps = Phrase(
        "{host}: {service} stopped and ran again {count} times since {since}",
        "{host}：{service} 自 {since} 起停止後又執行 {count} 次")
    private static let serviceCrashes = Phrase(
        "{service} on {host} fails and is started again", "{host} 上的 {service} 失敗後又重新啟動")
    private static let serviceFought = Phrase(
        "something on {host} stops it: a script, a policy, an installer", "{host} 上有指令碼、原則或安裝程式將它停止")
    private static let serviceRemedy = DecisionRow.Remedy(
        linux: [
            Phrase("on {host}: journalctl -u {unit}, for why it stops", "在 {host} 上執行 journalctl -u {unit}，查看停止的原因"),
            whenQuiet,
        ],
        windows: [
            Phrase(
                "on {host}: in the Event Viewer, System log, look for {service} (Service Control Manager)",
                "在 {host} 的事件檢視器「系統」記錄中尋找 {service}（Service Control Manager）"), whenQuiet,
        ],
        other: [Phrase("on {host}: read the log of {service}", "在 {host} 上查看 {service} 的記錄檔"), whenQuiet])

    static let identityRows: [DecisionRow] =
        [
            DecisionRow(
                "twins-cloned-disk", .duplicateIdentity, .init(topic: .identity, twins: [.clonedDisk]),
                title: twinTitle,
                cause: Phrase(
                    "{other_host} ({other_address}) has a copy of the disk of {host}: a clone of a template, or a snapshot restored "
                        + "beside the original", "{other_host}（{other_address}）使用 {host} 磁碟的複本：由範本複製，或在原機旁還原的快照"),
                other: Phrase("{host} ({address}) is the copy, and came first", "{host}（{address}）才是複本，只是先連上"),
                remedy: .init(
                    newIdentityForCopy, restartCopy,
                    Phrase(
                        "on the copy, too: rm /etc/machine-id; systemd-machine-id-setup; and take the identity directory out of the "
                            + "template", "也請在複本上執行：rm /etc/machine-id；systemd-machine-id-setup；並將身分目錄自範本移除"))),
            DecisionRow(
                "twins-copied-identity", .duplicateIdentity, .init(topic: .identity, twins: [.copiedIdentity]),
                title: twinTitle,
                cause: Phrase(
                    "the identity directory of {host} was copied to {other_host} ({other_address}): another machine with the same key",
                    "{host} 的身分目錄被複製到 {other_host}（{other_address}）：另一部電腦使用相同的金鑰"),
                other: Phrase("somebody uses a stolen identity", "有人使用遭竊的身分"),
                remedy: .init(
                    newIdentityForCopy, restartCopy,
                    Phrase(
                        "if nobody copied it: on {server}: rollcall pki revoke {host}",
                        "若無人複製過：在 {server} 上執行 rollcall pki revoke {host}"))),
            DecisionRow(
                "twins-two-agents", .duplicateIdentity, .init(topic: .identity, twins: [.twoAgents]),
                title: Phrase(
                    "{host}: two agents use its identity: {address} and {other_address}",
                    "{host}：兩個代理程式使用其身分：{address} 與 {other_address}"),
                cause: Phrase(
                    "two agents run on one machine, or in two containers of it, with one identity directory",
                    "同一部電腦（或其兩個容器）上執行了兩個代理程式，並使用同一個身分目錄"),
                other: Phrase("two virtual machines were made of one running one", "由一部執行中的虛擬機器產生了兩部"),
                remedy: .init(
                    Phrase(
                        "on {other_host} ({other_address}): see how many agents run (ps -C rollcall), and stop one",
                        "在 {other_host}（{other_address}）上查看執行中的代理程式（ps -C rollcall），並停止其中一個"),
                    newIdentityForCopy)),
            DecisionRow(
                "twins-running-snapshot", .duplicateIdentity, .init(topic: .identity, twins: [.runningSnapshot]),
                title: twinTitle,
                cause: Phrase(
                    "a snapshot of {host} with its memory runs at {other_address} beside the original at {address}: even the boot ids "
                        + "are the same", "{host} 含記憶體的快照在 {other_address} 執行，與位於 {address} 的原機並存：連開機識別碼都相同"),
                other: Phrase(
                    "{host} has two ways to {server}, and changes between them", "{host} 有兩條路徑通往 {server}，並在其間切換"),
                remedy: .init(
                    Phrase("shut one of the two down, or restart the copy", "關閉其中一部，或重新啟動複本"), newIdentityForCopy,
                    restartCopy)),
        ] + changeRows + hardwareRows

    private static let twinTitle = Phrase(
        "{host}: two machines use its identity, {address} and {other_address}; the second is kept out",
        "{host}：兩部電腦使用其身分，{address} 與 {other_address}；後者不得連入")
    private static let newIdentityForCopy = Phrase(
        "on {server}: rollcall pki node --out DIRECTORY --name {other_host}, for the copy at {other_address}",
        "在 {server} 上為位於 {other_address} 的複本執行 rollcall pki node --out DIRECTORY --name {other_host}")
    private static let restartCopy = Phrase(
        "copy DIRECTORY to {other_address} in place of its identity directory, and restart its agent",
        "將 DIRECTORY 複製到 {other_address} 取代其身分目錄，並重新啟動代理程式")
}
