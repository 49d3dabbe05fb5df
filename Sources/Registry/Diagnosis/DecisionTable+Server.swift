internal import ErrorCatalogue

// The server's own certificate and identity.
extension DecisionTable {
    static let renew = Phrase(
        "on {server}: rollcall pki server --data DIRECTORY; then systemctl reload rollcall (SIGHUP)",
        "在 {server} 上執行 rollcall pki server --data DIRECTORY；再執行 systemctl reload rollcall（SIGHUP）")

    static let serverRows: [DecisionRow] = [
        DecisionRow(
            "server-certificate-ended", .serverCertificateExpiring,
            .init(topic: .serverCertificate, attempts: [.certificateExpired]),
            title: Phrase(
                "{server}: its certificate ended on {until}; no agent gets in", "{server}：其憑證已於 {until} 到期；代理程式無法連入"),
            cause: Phrase("the certificate of {server} was not renewed in time", "{server} 的憑證未及時更新"),
            other: Phrase("the clock of {server} is ahead", "{server} 的時鐘過快"), remedy: .init(renew)),
        DecisionRow(
            "server-certificate-ends", .serverCertificateExpiring,
            .init(topic: .serverCertificate, levels: [.critical]), title: endsTitle, cause: neverRenewed,
            other: notReloaded, remedy: .init(renew)),
        DecisionRow(
            "server-certificate-ends-later", .serverCertificateExpiring, .warning, .init(topic: .serverCertificate),
            title: endsTitle, cause: neverRenewed, other: notReloaded, remedy: .init(renew)),
        DecisionRow(
            "two-servers", .duplicateServer, .init(topic: .serverIdentity, levels: [.critical]),
            title: Phrase(
                "{server}: another server of this identity lives ({other_host}); {count} agents have been there and came back",
                "{server}：另有一部具有此身分的伺服器（{other_host}）；{count} 部代理程式曾連到該處後返回"),
            cause: Phrase(
                "the server was cloned, or its data directory was restored on {other_host} beside the living original: both answer "
                    + "under one name or address", "伺服器被複製，或其資料目錄在 {other_host} 上還原而與原伺服器並存：兩者以相同名稱或位址回應"),
            other: Phrase("the agents' server name leads to two servers of one fleet", "代理程式所用的伺服器名稱指向同一機群的兩部伺服器"),
            remedy: .init(
                Phrase(
                    "on {host}: getent hosts {server}, and see which machines answer there",
                    "在 {host} 上執行 getent hosts {server}，確認有哪些電腦回應"),
                Phrase(
                    "stop rollcall on the one that is the copy; see rollcall status on both for what each knows",
                    "停止複本上的 rollcall；以 rollcall status 比對兩者所知"),
                Phrase(
                    "if both are wanted: give the copy a fleet of its own: rollcall pki init --data DIRECTORY --fleet NAME",
                    "若兩者都需要：為複本建立自己的機群：rollcall pki init --data DIRECTORY --fleet NAME"))),
        DecisionRow(
            "server-restored", .duplicateServer, .information, .init(topic: .serverIdentity),
            title: Phrase(
                "{server}: agents have been at a later or another run of this registry ({other_host})",
                "{server}：代理程式曾連到此註冊資料庫較新或其他的執行個體（{other_host}）"),
            cause: Phrase(
                "this registry was restored from a backup: what happened after the backup is not known here",
                "此註冊資料庫由備份還原：備份之後發生的事此處並不知道"),
            other: Phrase("the original, or a copy of it, still runs on {other_host}", "原伺服器或其複本仍在 {other_host} 上執行"),
            remedy: .init(
                Phrase("nothing, if a backup was restored here and the original is off", "若此處確為由備份還原且原伺服器已關閉，則不需動作"),
                Phrase("else stop rollcall on {other_host}", "否則請停止 {other_host} 上的 rollcall"))),
    ]

    private static let endsTitle = Phrase(
        "{server}: its certificate ends on {until}, in {days} days", "{server}：其憑證將於 {until} 到期，還有 {days} 天")
    private static let neverRenewed = Phrase("nobody has renewed it", "憑證尚未更新")
    private static let notReloaded = Phrase("a new one is there, and the server has not read it yet", "已有新憑證，但伺服器尚未讀取")
}
