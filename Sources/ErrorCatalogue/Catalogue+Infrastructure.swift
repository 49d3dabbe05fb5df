// Process servers and master targets that do not answer: many machines depend on each.
extension Catalogue {
    static let processServerSilent = CatalogueEntry(
        code: .processServerSilent, severity: .critical,
        english: CatalogueText(
            title: "No heartbeat from a process server",
            meaning:
                "The process server is silent for longer than unreachable-after. Machines that send through it and still "
                + "reach the configuration server are at risk, not lost: no error is raised for them.",
            causes: [
                "tmansvc on the process server stopped or hangs",
                "the process server is off or hung",
                "the network between the process server and the configuration server is down",
            ],
            remedies: [
                "see that the process server is up, and that tmansvc runs there",
                "on the process server: telnet SERVER 443 (a blank screen is success)",
                "if it cannot be brought back soon, move its machines to another process server",
            ],
            evidence: [
                "when it was last heard, and how often a heartbeat was due",
                "how its connection ended, or that it is still open",
                "how many others of its site answer",
            ]),
        traditionalChinese: CatalogueText(
            title: "處理序伺服器沒有活動訊號",
            meaning: "處理序伺服器沉默的時間已超過 unreachable-after 的設定。經由它傳送資料、但仍能連到組態伺服器的電腦"
                + "只是有風險，並未失聯，因此不會為它們發出錯誤。",
            causes: [
                "處理序伺服器上的 tmansvc 已停止或停止回應",
                "處理序伺服器已關機或停止回應",
                "處理序伺服器與組態伺服器之間的網路中斷",
            ],
            remedies: [
                "確認處理序伺服器已開機，且 tmansvc 正在執行",
                "在處理序伺服器上執行 telnet SERVER 443（出現空白畫面即表示成功）",
                "若無法很快恢復，請將它負責的電腦移到另一部處理序伺服器",
            ],
            evidence: [
                "最後一次收到訊息的時間，以及應有的活動訊號間隔",
                "連線如何結束，或連線仍然開啟",
                "同站台還有多少電腦有回應",
            ]))

    static let masterTargetSilent = CatalogueEntry(
        code: .masterTargetSilent, severity: .critical,
        english: CatalogueText(
            title: "No heartbeat from a master target",
            meaning:
                "The master target is silent for longer than unreachable-after. Failback to it is not possible meanwhile.",
            causes: [
                "svagents on the master target stopped or hangs",
                "the master target is off or hung",
                "the network between the master target and the configuration server is down",
            ],
            remedies: [
                "see that the master target is up; restart svagents, and have it register again",
                "on the master target: telnet SERVER 443 (a blank screen is success)",
            ],
            evidence: [
                "when it was last heard, and how often a heartbeat was due",
                "how its connection ended, or that it is still open",
                "how many others of its site answer",
            ]),
        traditionalChinese: CatalogueText(
            title: "主要目標伺服器沒有活動訊號",
            meaning: "主要目標伺服器沉默的時間已超過 unreachable-after 的設定。在這段期間無法容錯回復到該伺服器。",
            causes: [
                "主要目標伺服器上的 svagents 已停止或停止回應",
                "主要目標伺服器已關機或停止回應",
                "主要目標伺服器與組態伺服器之間的網路中斷",
            ],
            remedies: [
                "確認主要目標伺服器已開機；重新啟動 svagents，並讓它重新註冊",
                "在主要目標伺服器上執行 telnet SERVER 443（出現空白畫面即表示成功）",
            ],
            evidence: [
                "最後一次收到訊息的時間，以及應有的活動訊號間隔",
                "連線如何結束，或連線仍然開啟",
                "同站台還有多少電腦有回應",
            ]))
}
