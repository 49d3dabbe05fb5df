// What is measured, announced, or seen of many at once.
extension Catalogue {
    static let failoverOverdue = CatalogueEntry(
        code: .failoverOverdue, severity: .critical,
        english: CatalogueText(
            title: "A failed-over machine has not registered",
            meaning: "Failover was declared, and the 15 minutes that a cloud VM may take are over. Which of the three causes it is, is not known while nothing is heard of it.",
            causes: ["no VPN or private peering joins the VM's network with the server's", "InMage Scout Application Service does not run on the VM", "the agent has the address of another server"],
            remedies: ["join the networks; on the VM: telnet SERVER 443, ping SERVER", "on the VM: start the service, set it to Automatic", "correct the server's address in the agent's settings"],
            evidence: ["when failover was declared, and until when it was waited for"]),
        traditionalChinese: CatalogueText(
            title: "容錯移轉後的電腦尚未註冊",
            meaning: "已宣告容錯移轉，而雲端虛擬機器所需的 15 分鐘已過。在收到任何訊息之前，無法得知是三種原因中的哪一種。",
            causes: ["沒有 VPN 或私人對等互連連接虛擬機器與伺服器的網路", "虛擬機器上未執行 InMage Scout Application Service", "代理程式的設定指向另一部伺服器"],
            remedies: ["連接兩個網路；在虛擬機器上執行 telnet SERVER 443 與 ping SERVER", "在虛擬機器上啟動服務並設為「自動」", "更正代理程式設定中的伺服器位址"],
            evidence: ["宣告容錯移轉的時間，以及等候的期限"]))

    static let dataPathBlocked = CatalogueEntry(
        code: .dataPathBlocked, severity: .critical,
        english: CatalogueText(
            title: "A machine cannot reach its process server",
            meaning: "The machine reports that no TCP connection to its process server's data port can be made. Replication waits.",
            causes: ["a firewall between the two blocks the port", "the process server, or its cxprocessserver, is down", "a proxy is in the way"],
            remedies: ["on the machine: telnet PROCESS-SERVER 9443", "open the port", "see that cxprocessserver runs"],
            evidence: ["what the machine reported, for which address and port, since when", "whether the process server is heard here"]),
        traditionalChinese: CatalogueText(
            title: "電腦無法連到其處理序伺服器",
            meaning: "電腦回報無法以 TCP 連到其處理序伺服器的資料連接埠。複寫因此暫停。",
            causes: ["兩者之間的防火牆阻擋該連接埠", "處理序伺服器或其 cxprocessserver 已停機", "途中有 Proxy"],
            remedies: ["在該電腦上執行 telnet PROCESS-SERVER 9443", "開放該連接埠", "確認 cxprocessserver 正在執行"],
            evidence: ["電腦回報的內容、位址與連接埠，以及起始時間", "此處是否收到處理序伺服器的訊息"]))

    static let componentSilent = CatalogueEntry(
        code: .componentSilent, severity: .critical,
        english: CatalogueText(
            title: "One program of a machine is silent",
            meaning: "The machine and its path are up: other programs of it are heard. One that has a clock of its own is not.",
            causes: ["the program is stopped", "it hangs, or a child process of it hangs"],
            remedies: ["sign in to the machine and restart the program"],
            evidence: ["when the program was last heard, and when the others were"]),
        traditionalChinese: CatalogueText(
            title: "電腦上的某個程式沒有訊息",
            meaning: "電腦與路徑正常：其他程式仍有訊息；但其中一個自行連線的程式沒有訊息。",
            causes: ["程式已停止", "程式或其子處理序停止回應"],
            remedies: ["登入該電腦並重新啟動該程式"],
            evidence: ["該程式與其他程式最後有訊息的時間"]))

    static let commonCause = CatalogueEntry(
        code: .commonCause, severity: .critical,
        english: CatalogueText(
            title: "Machines that have something in common fell silent at once",
            meaning: "Nearly all machines that share a process server, an address of the server, a NAT address, or a version fell silent together, and others did not: what they share is the likely cause.",
            causes: ["what they have in common is broken"],
            remedies: ["look at what they have in common first, then at single machines"],
            evidence: ["how many of how many fell silent, and between which times", "who of them still answers"]),
        traditionalChinese: CatalogueText(
            title: "具有共同點的電腦同時失去訊息",
            meaning: "共用同一處理序伺服器、伺服器位址、NAT 位址或版本的電腦幾乎同時失去訊息，而其他電腦正常：共同點即為可能原因。",
            causes: ["共同的部分發生故障"],
            remedies: ["先檢查共同的部分，再檢查個別電腦"],
            evidence: ["多少部之中有多少部失去訊息，以及起訖時間", "仍有回應的電腦"]))

    static let clockSkew = CatalogueEntry(
        code: .clockSkew, severity: .critical,
        english: CatalogueText(
            title: "A machine's clock is off",
            meaning: "Measured at each registration: a warning from 1 minute, critical from 15. Certificates and replication suffer from it.",
            causes: ["time synchronisation does not run", "the machine was suspended, or restored from a snapshot"],
            remedies: ["start time synchronisation on the machine", "compare the server's clock, too"],
            evidence: ["how far it is off, and when that was measured"]),
        traditionalChinese: CatalogueText(
            title: "電腦的時鐘有偏差",
            meaning: "每次註冊時測量：超過 1 分鐘為警告，超過 15 分鐘為嚴重。憑證與複寫會受到影響。",
            causes: ["未執行時間同步", "電腦曾經暫停，或由快照還原"],
            remedies: ["在該電腦上啟動時間同步", "也請比較伺服器的時鐘"],
            evidence: ["偏差的大小與測量時間"]))

    static let versionUnsupported = CatalogueEntry(
        code: .versionUnsupported, severity: .critical,
        english: CatalogueText(
            title: "A machine's version does not fit the server's",
            meaning: "Agents up to four minor releases older than the server are supported. Process servers and master targets must not be newer than the server.",
            causes: ["the machine was left out of an upgrade", "it was upgraded before the server"],
            remedies: ["upgrade the server first, then process servers, then agents"],
            evidence: ["both versions, and when they were noted"]),
        traditionalChinese: CatalogueText(
            title: "電腦的版本與伺服器不符",
            meaning: "支援比伺服器舊四個次要版本以內的代理程式。處理序伺服器與主要目標伺服器不得比伺服器新。",
            causes: ["電腦在升級時遺漏", "電腦先於伺服器升級"],
            remedies: ["先升級伺服器，再升級處理序伺服器，最後升級代理程式"],
            evidence: ["雙方的版本與記錄時間"]))

    static let certificateExpiring = CatalogueEntry(
        code: .certificateExpiring, severity: .warning,
        english: CatalogueText(
            title: "A machine's certificate ends soon",
            meaning: "Within 30 days the certificate by which the machine is known ends; it cannot connect afterwards.",
            causes: ["it was not renewed"],
            remedies: ["issue a new identity, copy it to the machine, restart the agent"],
            evidence: ["until when the certificate is valid"]),
        traditionalChinese: CatalogueText(
            title: "電腦的憑證即將到期",
            meaning: "電腦的身分憑證將在 30 天內到期；之後將無法連線。",
            causes: ["憑證未更新"],
            remedies: ["核發新的身分，複製到該電腦並重新啟動代理程式"],
            evidence: ["憑證的有效期限"]))
}
