// Services that do not run though their machine answers.
extension Catalogue {
    static let applicationServiceNotRunning = CatalogueEntry(
        code: .applicationServiceNotRunning, severity: .critical,
        english: CatalogueText(
            title: "InMage Scout Application Service does not run, though the machine answers",
            meaning:
                "The machine and its path to the configuration server are fine, but the service without which it is "
                + "neither discovered nor can be reprotected does not run.",
            causes: [
                "the service's start type is not automatic, so it was not started with the machine, for example after "
                    + "failover",
                "the service failed, or somebody stopped it",
                "the Mobility service is not installed, or not completely",
            ],
            remedies: [
                "sign in to the machine and start the service",
                "set its start type to Automatic (Linux: systemctl enable)",
                "if it is not installed, install the Mobility service again",
            ],
            evidence: [
                "the service's state, since when, and its start type, as reported by the machine",
                "what the watcher on the machine saw",
                "when the machine was last heard",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦有回應，但 InMage Scout Application Service 未執行",
            meaning: "電腦及其通往組態伺服器的路徑都正常，但這項服務沒有執行；少了它，電腦既無法被探索到，也無法重新保護。",
            causes: [
                "服務的啟動類型不是「自動」，因此沒有隨電腦啟動，例如在容錯移轉之後",
                "服務發生失敗，或有人將它停止",
                "未安裝行動服務，或安裝不完整",
            ],
            remedies: [
                "登入該電腦並啟動這項服務",
                "將啟動類型設為「自動」（Linux：systemctl enable）",
                "若尚未安裝，請重新安裝行動服務",
            ],
            evidence: [
                "電腦回報的服務狀態、起始時間與啟動類型",
                "電腦上的監看程式所見",
                "最後一次收到該電腦訊息的時間",
            ]))

    static let serviceNotRunning = CatalogueEntry(
        code: .serviceNotRunning, severity: .warning,
        english: CatalogueText(
            title: "A watched service does not run",
            meaning:
                "The machine answers, and reports that a service it was told to watch is stopped or not installed.",
            causes: [
                "the service stopped or failed",
                "it does not start with the machine",
                "it was removed, or the agent watches a wrong name",
            ],
            remedies: [
                "sign in to the machine and start the service",
                "if it stops again, read its log",
                "if it is not wanted there, take it out of the agent's list of watched services",
            ],
            evidence: [
                "the service's state, since when, and its start type, as reported by the machine",
                "what the watcher on the machine saw",
                "when the machine was last heard",
            ]),
        traditionalChinese: CatalogueText(
            title: "受監看的服務未執行",
            meaning: "電腦有回應，並回報它負責監看的某項服務已停止或未安裝。",
            causes: [
                "服務已停止或發生失敗",
                "服務不會隨電腦啟動",
                "服務已移除，或代理程式監看的名稱有誤",
            ],
            remedies: [
                "登入該電腦並啟動這項服務",
                "若再次停止，請查看它的記錄檔",
                "若該電腦不需要這項服務，請從代理程式的監看清單中移除",
            ],
            evidence: [
                "電腦回報的服務狀態、起始時間與啟動類型",
                "電腦上的監看程式所見",
                "最後一次收到該電腦訊息的時間",
            ]))
}
