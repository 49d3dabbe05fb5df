// Machines that do not answer.
extension Catalogue {
    static let noContact = CatalogueEntry(
        code: .noContact, severity: .critical,
        english: CatalogueText(
            title: "The machine has no contact with the configuration server",
            meaning:
                "Nothing was heard of the machine for longer than unreachable-after. Either its connection was ended "
                + "from its side without a goodbye, or nobody else of its site answers. That the machine itself is off "
                + "is possible, but not the likely reading of the evidence.",
            causes: [
                "nobody of the site answers: the site-to-site VPN or private peering between the site and the "
                    + "configuration server is down, or a firewall or router on the way",
                "its connection was reset or closed: the agent stopped, or the machine restarts; its kernel still "
                    + "answered at that moment",
                "a firewall, NAT device or VPN cut this one machine's connection",
                "after failover: the network of the cloud VM is not joined with that of the configuration server",
                "the agent's settings name another configuration server",
            ],
            remedies: [
                "if a whole site is silent, look at the VPN or private peering first",
                "on the machine, or on one beside it: ping the server, then telnet SERVER 443 (a blank screen is success)",
                "on the machine: see that the agent runs, and start it if not",
                "on the machine: see that the agent's settings name this server",
            ],
            evidence: [
                "when the machine was last heard, and how often a heartbeat was due",
                "how its connection ended, when, and from which address it came",
                "how many others of its site answer",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦與組態伺服器失去聯繫",
            meaning: "超過 unreachable-after 所設的時間沒有收到這部電腦的任何訊息。若非連線由它那一端未經道別即告中斷，"
                + "就是同站台的其他電腦也都沒有回應。電腦本身可能已關機，但依現有跡象這不是最可能的解釋。",
            causes: [
                "整個站台都沒有回應：站台與組態伺服器之間的站台對站台 VPN 或私人對等互連中斷，或途中的防火牆或路由器故障",
                "連線遭到重設或關閉：代理程式已停止，或電腦正在重新啟動；當時它的作業系統核心仍有回應",
                "防火牆、NAT 裝置或 VPN 切斷了這一部電腦的連線",
                "容錯移轉之後：雲端虛擬機器的網路未與組態伺服器的網路相連",
                "代理程式設定中指定的是另一部組態伺服器",
            ],
            remedies: [
                "若整個站台都沒有回應，請先檢查 VPN 或私人對等互連",
                "在該電腦或同網路的電腦上先 ping 伺服器，再執行 telnet SERVER 443（出現空白畫面即表示成功）",
                "在該電腦上確認代理程式正在執行；若未執行，請將它啟動",
                "在該電腦上確認代理程式的設定指向這部伺服器",
            ],
            evidence: [
                "最後一次收到訊息的時間，以及應有的活動訊號間隔",
                "連線如何結束、何時結束，以及來自哪個位址",
                "同站台還有多少電腦有回應",
            ]))

    static let machineGone = CatalogueEntry(
        code: .machineGone, severity: .critical,
        english: CatalogueText(
            title: "The machine is off, hung or off the network",
            meaning:
                "The machine fell silent without closing its connection: its kernel sent no word either. Others of its "
                + "site answer, or there is nobody there to compare with.",
            causes: [
                "the machine was switched off hard, or lost its power",
                "the machine, or the host it runs on, hangs",
                "the machine is on the wrong network, or its network adapter is disconnected",
                "only the agent hangs, and the machine is well",
            ],
            remedies: [
                "look at the machine's console: start it if it is off, restart it if it is hung",
                "see that it is on the right network and has its address",
                "then restart the job that needs it, for example the reprotect job",
            ],
            evidence: [
                "when the machine was last heard, and how often a heartbeat was due",
                "that its connection stayed open, or timed out",
                "how many others of its site answer",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦已關機、停止回應或不在網路上",
            meaning: "電腦在未關閉連線的情況下沉默下來，連作業系統核心也沒有送出任何訊息。同站台的其他電腦仍有回應，"
                + "或該站台沒有其他電腦可供比對。",
            causes: [
                "電腦遭強制關機，或電源中斷",
                "電腦本身或承載它的主機停止回應",
                "電腦連到錯誤的網路，或網路介面卡已中斷連線",
                "只有代理程式停止回應，電腦本身正常",
            ],
            remedies: [
                "查看電腦的主控台：已關機就開機，停止回應就重新啟動",
                "確認它連到正確的網路，且具有應有的位址",
                "接著重新執行需要它的作業，例如重新保護作業",
            ],
            evidence: [
                "最後一次收到訊息的時間，以及應有的活動訊號間隔",
                "連線仍然開啟，或已逾時",
                "同站台還有多少電腦有回應",
            ]))

    static let noHeartbeatFromSource = CatalogueEntry(
        code: .noHeartbeatFromSource, severity: .critical,
        english: CatalogueText(
            title: "No heartbeat from a source machine",
            meaning:
                "The machine is silent, and nothing tells why: it did not come back after the configuration server "
                + "restarted, or the server itself had to end its connection.",
            causes: [
                "the machine went away while the configuration server was down",
                "the agent or the services on the machine stopped",
                "the agent cannot get in; its own log says why",
            ],
            remedies: [
                "see whether the machine is up, and whether its agent and its services run",
                "read the agent's log on the machine",
                "on the machine: telnet SERVER 443 (a blank screen is success)",
            ],
            evidence: [
                "when the machine was last heard",
                "that there was no connection since the server's start, or why the server ended it",
                "how many others of its site answer",
            ]),
        traditionalChinese: CatalogueText(
            title: "來源電腦沒有活動訊號",
            meaning: "電腦沒有任何訊息，而且無從得知原因：組態伺服器重新啟動之後它沒有回來，或連線是由伺服器本身結束的。",
            causes: [
                "電腦在組態伺服器停機期間離線",
                "電腦上的代理程式或服務已停止",
                "代理程式無法連入；原因記載於它自己的記錄檔",
            ],
            remedies: [
                "確認電腦是否開機，以及代理程式與服務是否正在執行",
                "查看該電腦上代理程式的記錄檔",
                "在該電腦上執行 telnet SERVER 443（出現空白畫面即表示成功）",
            ],
            evidence: [
                "最後一次收到訊息的時間",
                "自伺服器啟動以來沒有連線，或伺服器結束連線的原因",
                "同站台還有多少電腦有回應",
            ]))
}
