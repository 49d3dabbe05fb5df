internal import ErrorCatalogue

// Services that do not run though their machine answers, and the server's own troubles.
extension DecisionTable {
    private static let scoutTitle = Phrase(
        "{host}: {service} does not run, though the machine answers", "{host}：電腦有回應，但 {service} 未執行")
    private static let enable = Phrase("on {host}: systemctl enable {unit}", "在 {host} 上執行：systemctl enable {unit}")
    private static let start = Phrase("on {host}: systemctl start {unit}", "在 {host} 上執行：systemctl start {unit}")
    private static let setAutomatic = Phrase(
        "on {host}: in services.msc set {service} to Automatic and start it",
        "在 {host} 的 services.msc 中將 {service} 設為「自動」並啟動")
    private static let installAgain = Phrase(
        "on {host}: install the Mobility service again", "在 {host} 上重新安裝行動服務")
    private static let startIt = Phrase("on {host}: start {service}", "在 {host} 上啟動 {service}")
    private static let withMachine = Phrase(
        "on {host}: have {service} start with the machine", "在 {host} 上將 {service} 設為隨電腦啟動")
    private static let haveItStart = Phrase("on {host}: have it start with the machine", "在 {host} 上將它設為隨電腦啟動")
    private static let journal = Phrase(
        "if it stops again, on {host}: journalctl -u {unit}", "若再次停止，在 {host} 上執行：journalctl -u {unit}")

    static let applicationServiceRows: [DecisionRow] = [
        DecisionRow(
            "95226b-not-installed", .applicationServiceNotRunning,
            .init(topic: .service, service: .scoutApplicationService, states: [.notInstalled]),
            title: Phrase(
                "{host}: {service} is not installed, though the machine answers", "{host}：電腦有回應，但未安裝 {service}"),
            cause: Phrase(
                "the Mobility service on {host} is not installed, or not completely", "{host} 上未安裝行動服務，或安裝不完整"),
            other: Phrase("the agent on {host} watches a service of another name", "{host} 上的代理程式監看的是其他名稱的服務"),
            remedy: .init(
                linux: [
                    Phrase(
                        "on {host}: install the Mobility service again, so that {unit} exists",
                        "在 {host} 上重新安裝行動服務，使 {unit} 存在"), enable, start,
                ],
                windows: [installAgain, setAutomatic],
                other: [
                    Phrase(
                        "on {host}: install the Mobility service again, and see that {service} runs",
                        "在 {host} 上重新安裝行動服務，並確認 {service} 正在執行")
                ])),
        DecisionRow(
            "95226b-start-type", .applicationServiceNotRunning,
            .init(
                topic: .service, service: .scoutApplicationService, states: [.stopped],
                startTypes: [.disabled, .manual]),
            title: scoutTitle,
            cause: Phrase(
                "{service} was not started with the machine: its start type is {start_type}",
                "{service} 沒有隨電腦啟動：其啟動類型為{start_type}"),
            other: Phrase("somebody stopped it for maintenance", "有人為了維護而將它停止"),
            remedy: .init(
                linux: [enable, start],
                windows: [
                    setAutomatic,
                    Phrase(
                        "or on {host}, as administrator: sc config {windows_service} start= auto, then sc start "
                            + "{windows_service}",
                        "或在 {host} 上以系統管理員身分執行：sc config {windows_service} start= auto，再執行 sc start {windows_service}"),
                ],
                other: [withMachine, startIt])),
        DecisionRow(
            "95226b-stopped", .applicationServiceNotRunning,
            .init(topic: .service, service: .scoutApplicationService, states: [.stopped]), title: scoutTitle,
            cause: Phrase("{service} stopped or failed after the machine came up", "{service} 在電腦啟動之後停止或失敗"),
            other: Phrase("it was never started after failover", "容錯移轉之後從未啟動"),
            remedy: .init(
                linux: [start, enable, journal],
                windows: [
                    Phrase(
                        "on {host}: in services.msc start {service} and see that its start type is Automatic",
                        "在 {host} 的 services.msc 中啟動 {service}，並確認啟動類型為「自動」"),
                    Phrase(
                        "or on {host}, as administrator: sc start {windows_service}, then sc config {windows_service} "
                            + "start= auto",
                        "或在 {host} 上以系統管理員身分執行：sc start {windows_service}，再執行 sc config {windows_service} start= auto"),
                ],
                other: [startIt, haveItStart])),
        DecisionRow(
            "95226b-hangs", .applicationServiceNotRunning,
            .init(topic: .service, service: .scoutApplicationService, states: [.running], ownClocks: [.stale]),
            title: Phrase(
                "{host}: {service} is not heard, though the machine answers", "{host}：電腦有回應，但收不到 {service} 的訊息"),
            cause: Phrase(
                "{service} hangs: the agent sees its process run, and it has not been heard since {since}",
                "{service} 停止回應：代理程式看到它的處理序正在執行，但自 {since} 起沒有訊息"),
            other: Phrase("the settings of {service} name another configuration server", "{service} 的設定指向另一部組態伺服器"),
            remedy: .init(
                linux: [
                    Phrase("on {host}: systemctl restart {unit}", "在 {host} 上執行：systemctl restart {unit}"), journal,
                ],
                windows: [
                    Phrase(
                        "on {host}, as administrator: sc stop {windows_service}, then sc start {windows_service}",
                        "在 {host} 上以系統管理員身分執行：sc stop {windows_service}，再執行 sc start {windows_service}")
                ],
                other: [Phrase("on {host}: restart {service}", "在 {host} 上重新啟動 {service}")])),
        DecisionRow(
            "95226b-silent", .applicationServiceNotRunning,
            .init(
                topic: .service, service: .scoutApplicationService, states: [.unknown, .starting, .stopping],
                ownClocks: [.stale]), title: scoutTitle,
            cause: Phrase(
                "{service} on {host} is stopped: nothing was heard of it since {since}, while the agent is heard; start "
                    + "type {start_type}", "{host} 上的 {service} 已停止：自 {since} 起沒有訊息，而代理程式仍有訊息；啟動類型為{start_type}"),
            other: Phrase("it hangs", "它停止回應"),
            remedy: .init(
                linux: [start, enable], windows: [setAutomatic], other: [startIt, withMachine])),
    ]

    static let serviceRows: [DecisionRow] = [
        DecisionRow(
            "service-not-installed", .serviceNotRunning, .warning,
            .init(topic: .service, service: .other, states: [.notInstalled]),
            title: Phrase("{host}: {service} is not installed", "{host}：未安裝 {service}"),
            cause: Phrase("{service} was removed, or never installed on {host}", "{service} 已從 {host} 移除，或從未安裝"),
            other: Phrase("the agent on {host} watches a service of another name", "{host} 上的代理程式監看的是其他名稱的服務"),
            remedy: .init(
                Phrase(
                    "on {host}: install {service}, or correct the name in the agent's list of watched services",
                    "在 {host} 上安裝 {service}，或更正代理程式監看清單中的名稱"))),
        DecisionRow(
            "service-stopped", .serviceNotRunning, .warning,
            .init(topic: .service, service: .other, states: [.stopped]),
            title: Phrase("{host}: {service} does not run", "{host}：{service} 未執行"),
            cause: Phrase(
                "{service} stopped, failed, or was not started with the machine (start type {start_type})",
                "{service} 已停止、失敗，或未隨電腦啟動（啟動類型為{start_type}）"),
            other: Phrase("somebody stopped it for maintenance", "有人為了維護而將它停止"),
            remedy: .init(
                linux: [start, journal],
                windows: [
                    Phrase(
                        "on {host}: in services.msc start {service}, or as administrator: sc start {windows_service}",
                        "在 {host} 的 services.msc 中啟動 {service}，或以系統管理員身分執行：sc start {windows_service}")
                ],
                other: [startIt])),
    ]

    private static let componentTitle = Phrase(
        "{host}: {component} is silent, though the machine answers", "{host}：電腦有回應，但 {component} 沒有訊息")

    static let componentRows: [DecisionRow] = [
        DecisionRow(
            "agent-silent", .componentSilent, .init(topic: .component, components: [.mobilityAgent]),
            title: componentTitle,
            cause: Phrase(
                "svagents on {host} is stopped or hangs: the machine and its path are up, its other programs are heard",
                "{host} 上的 svagents 已停止或停止回應：電腦與路徑正常，其他程式仍有訊息"),
            other: Phrase("a child process of svagents hangs and holds it up", "svagents 的子處理序停止回應並拖住了它"),
            remedy: .init(
                Phrase(
                    "sign in to {host} ({address}) and restart svagents (InMage Scout VX Agent - Sentinel/Outpost)",
                    "登入 {host}（{address}），重新啟動 svagents（InMage Scout VX Agent - Sentinel/Outpost）"),
                Phrase(
                    "if it does not stop, end its child processes first", "若無法停止，請先結束它的子處理序"))),
        DecisionRow(
            "tmansvc-silent", .componentSilent, .init(topic: .component, components: [.processServer]),
            title: componentTitle,
            cause: Phrase(
                "tmansvc on {host} is stopped or hangs: the machine and its path are up, its other programs are heard",
                "{host} 上的 tmansvc 已停止或停止回應：電腦與路徑正常，其他程式仍有訊息"),
            other: Phrase("tmansvc was told of another configuration server", "tmansvc 的設定指向另一部組態伺服器"),
            remedy: .init(
                Phrase(
                    "sign in to {host} ({address}) and restart tmansvc", "登入 {host}（{address}），重新啟動 tmansvc"))),
    ]

    static let selfRows: [DecisionRow] = [
        DecisionRow(
            "server-overloaded", .serverOverloaded, .warning, .init(topic: .serverLoad),
            title: Phrase(
                "{server}: the configuration server is overloaded: of {span} it lost {lost}; nobody is judged for that time",
                "{server}：組態伺服器過載：{span} 內損失 {lost}；這段時間不判定任何機器"),
            cause: Phrase(
                "other programs of {server} take the processor, or it is too small for its fleet",
                "{server} 上的其他程式占用處理器，或其規模不足以管理機群"),
            other: Phrase(
                "the hypervisor gives the virtual machine too little processor time", "Hypervisor 給虛擬機器的處理器時間不足"),
            remedy: .init(
                Phrase(
                    "on {server}: see who takes the processor (top; steal time, “st”, is the hypervisor's)",
                    "在 {server} 上檢查占用處理器的程式（top；「st」為 Hypervisor 占用的時間）"),
                Phrase(
                    "give it processors of its own, or ask for heartbeats less often (heartbeat-interval)",
                    "給予專用的處理器，或延長活動訊號的間隔（heartbeat-interval）"),
                Phrase(
                    "nothing else: verdicts wait for what has not been read, and this error is cleared when the load is gone",
                    "不需其他動作：判定會等待尚未讀取的訊息，負載消失後此錯誤會自動清除"))),
        DecisionRow(
            "server-clock-stepped", .serverClockStepped, .warning, .init(topic: .serverClock),
            title: Phrase(
                "{server}: the configuration server's clock was set {direction} by {step}; nobody is late for it",
                "{server}：組態伺服器的時鐘{direction} {step}；沒有任何機器因此遲到"),
            cause: Phrase(
                "the time service of {server} found its clock wrong, and set it", "{server} 的時間服務發現時鐘不準並加以調整"),
            other: Phrase("somebody set the clock by hand", "有人手動調整時鐘"),
            remedy: .init(
                Phrase(
                    "on {server}: see that time is synchronised, and before the server starts: chronyc tracking, timedatectl",
                    "在 {server} 上確認時間保持同步，且在伺服器啟動前已同步：chronyc tracking、timedatectl"),
                Phrase("nothing else: this error is cleared by itself", "不需其他動作：此錯誤會自動清除"))),
        DecisionRow(
            "server-stalled", .serverStalled, .warning, .init(topic: .selfSuspicion),
            title: Phrase(
                "{server}: the configuration server itself stood still for {lost}; nobody is judged for that time",
                "{server}：組態伺服器本身停頓了 {lost}；這段時間不判定任何機器"),
            cause: Phrase(
                "the server's process was stopped, or its machine had no processor time for it",
                "伺服器處理序曾被暫停，或其機器沒有處理器時間可用"),
            other: Phrase(
                "the virtual machine was paused, moved or had its snapshot taken", "虛擬機器曾被暫停、移轉或建立快照"),
            remedy: .init(
                Phrase(
                    "on {server}: look at the machine's load, memory and swap, and at the hypervisor's log for that time",
                    "在 {server} 上檢查當時的負載、記憶體與交換空間，以及 Hypervisor 的記錄"),
                Phrase(
                    "nothing else: agents are heard again or come back by themselves, and this error is cleared then",
                    "不需其他動作：代理程式會自行恢復或重新連線，屆時此錯誤會清除"))),
    ]

    static let storeRows: [DecisionRow] = [
        DecisionRow(
            "registry-not-writable", .registryNotWritable, .init(topic: .store),
            title: Phrase(
                "{server}: the registry cannot be written; registrations are refused",
                "{server}：無法寫入註冊資料庫；註冊遭到拒絕"),
            cause: Phrase("{reason}", "{reason}"),
            other: Phrase("the disk is full, or its file system became read-only", "磁碟已滿，或檔案系統變成唯讀"),
            remedy: .init(
                Phrase(
                    "on {server}: df -h and mount, for the file system of the data directory: free space, or mount it "
                        + "writable again",
                    "在 {server} 上以 df -h 與 mount 檢查資料目錄所在的檔案系統：騰出空間，或重新掛載為可寫入"),
                Phrase(
                    "nothing else: heartbeats and queries work meanwhile, and registrations are accepted again by themselves",
                    "不需其他動作：活動訊號與查詢仍可運作，註冊會自動恢復")))
    ]
}
