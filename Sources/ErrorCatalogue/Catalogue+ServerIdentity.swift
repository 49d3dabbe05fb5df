// The server's own certificate and identity.
extension Catalogue {
    static let serverCertificateExpiring = CatalogueEntry(
        code: .serverCertificateExpiring, severity: .critical,
        english: CatalogueText(
            title: "The configuration server's certificate ends",
            meaning:
                "A warning from 60 days before, critical from 7; afterwards agents refuse the server. Open connections go on. A "
                + "certificate that has ended can be renewed as any other, and agents come back by themselves.",
            causes: ["nobody has renewed it", "a new one is there, and the server has not read it"],
            remedies: [
                "on the server: rollcall pki server", "systemctl reload rollcall, or SIGHUP: the error is cleared then",
            ],
            evidence: ["until when the certificate is valid, and how many days are left"]),
        traditionalChinese: CatalogueText(
            title: "組態伺服器的憑證即將到期",
            meaning: "到期前 60 天起為警告，7 天起為嚴重；到期後代理程式會拒絕此伺服器，已建立的連線不受影響。"
                + "已到期的憑證仍可照常更新，代理程式會自行恢復連線。",
            causes: ["尚未更新", "已有新憑證，但伺服器尚未讀取"],
            remedies: ["在伺服器上執行 rollcall pki server", "執行 systemctl reload rollcall 或送出 SIGHUP，此錯誤隨即清除"],
            evidence: ["憑證的有效期限與剩餘天數"]))

    static let duplicateServer = CatalogueEntry(
        code: .duplicateServer, severity: .critical,
        english: CatalogueText(
            title: "Another server has this one's identity",
            meaning:
                "Each registry has an id, counts its starts, and gives each run a random number; agents are told, and say at "
                + "which they registered before. Critical: an agent that was here in this run has been at another one since, "
                + "and came back: both live. Information: an agent knows a run that this registry does not: it was restored from a "
                + "backup, or its copy ran elsewhere.",
            causes: [
                "the server's machine was cloned, or its data directory restored beside the living original",
                "one name leads to two servers of one fleet", "a backup was restored, as it should be after a disaster",
            ],
            remedies: [
                "find out which machines answer under the server's name", "stop the copy",
                "or give it a fleet of its own: rollcall pki init",
            ],
            evidence: ["which agent said so, when, and the ids, starts and runs of both servers"]),
        traditionalChinese: CatalogueText(
            title: "另一部伺服器具有相同的身分",
            meaning: "每個註冊資料庫有自己的識別碼、啟動次數，每次執行有隨機代號；代理程式會得知，並回報先前註冊於何處。"
                + "嚴重：本次執行期間在此的代理程式曾連到另一部後返回，兩者並存。資訊：代理程式知道此資料庫所沒有的執行個體，"
                + "表示它由備份還原，或其複本曾在別處執行。",
            causes: ["伺服器電腦被複製，或其資料目錄在原伺服器旁還原", "同一名稱指向同一機群的兩部伺服器", "災難之後依程序還原了備份"],
            remedies: ["確認伺服器名稱下有哪些電腦回應", "停止複本", "或為它建立自己的機群：rollcall pki init"],
            evidence: ["哪一部代理程式於何時回報，以及兩部伺服器的識別碼、啟動次數與執行代號"]))
}
