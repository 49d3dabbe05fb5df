internal import ErrorCatalogue

// Those who keep trying to get in, and do not.
extension DecisionTable {
    static func row(
        _ name: String, _ code: ErrorCode, _ attempts: [AttemptReason], levels: [Severity] = [], _ fact: Phrase,
        cause: Phrase, other: Phrase = Phrase("", ""), _ remedy: Phrase...
    ) -> DecisionRow {
        let title = Phrase(
            "{peer} tries to connect from {address} each {interval}; " + fact.english,
            "{peer} 由 {address} 約每 {interval} 嘗試連線一次；" + fact.traditionalChinese)
        return DecisionRow(
            name, code, .init(topic: .admission, attempts: attempts, levels: levels), title: title, cause: cause,
            other: other,
            remedy: .init(linux: remedy, windows: remedy, other: remedy))
    }

    static let newIdentity = Phrase(
        "on {server}: rollcall pki node --out DIRECTORY; copy DIRECTORY to {peer} ({address}) in place of its agent's identity "
            + "directory, and restart the agent",
        "在 {server} 上執行 rollcall pki node --out DIRECTORY；將 DIRECTORY 複製到 {peer}（{address}）取代其代理程式的身分目錄，並重新啟動代理程式")
    private static let compareClocks = Phrase(
        "compare the clocks of {peer} ({address}) and {server}", "比較 {peer}（{address}）與 {server} 的時鐘")
    static let itsLog = Phrase(
        "read the agent's log on {peer} ({address}): it says the same", "查看 {peer}（{address}）上代理程式的記錄檔：其中說明相同的原因")
    private static let probeFrom = Phrase(
        "on {peer} ({address}): rollcall probe {server}:{port}", "在 {peer}（{address}）上執行：rollcall probe {server}:{port}"
    )

    private static let enrolAnew = [
        Phrase(
            "give {address} the fleet's present passphrase: rollcall agent --server {server}:{port} --enroll",
            "在 {address} 上輸入機群目前的複雜密碼：rollcall agent --server {server}:{port} --enroll"),
        Phrase(
            "if nobody sets up a machine there: block {address}, and close enrolment on {server} (passphrase-verifier) until one is to come",
            "若該處無人設定新電腦：封鎖 {address}，並在有新電腦要加入之前關閉 {server} 上的註冊功能（passphrase-verifier）"),
    ]

    static let admissionRows: [DecisionRow] = [
        row(
            "expired", .certificateExpired, [.certificateExpired],
            Phrase("its certificate expired on {until}, {ago} ago", "其憑證已於 {until} 到期，距今 {ago}"),
            cause: Phrase("the certificate of {peer} was not renewed in time", "{peer} 的憑證未及時更新"),
            other: Phrase("the clock of {server} is ahead", "{server} 的時鐘過快"), newIdentity, compareClocks),
        row(
            "not-yet-valid", .certificateNotYetValid, [.certificateNotYetValid],
            Phrase("its certificate is valid only from {from}", "其憑證自 {from} 起才有效"),
            cause: Phrase(
                "the clock of {server} is behind, or the certificate was issued with a clock ahead",
                "{server} 的時鐘過慢，或憑證核發時的時鐘過快"),
            other: Phrase("the certificate was made for a later day on purpose", "憑證刻意設定為日後才生效"),
            compareClocks, newIdentity),
        row(
            "revoked", .certificateRevoked, [.certificateRevoked],
            Phrase("its certificate was revoked", "其憑證已被撤銷"),
            cause: Phrase(
                "{peer} was taken out of the fleet, and its agent still runs", "{peer} 已自機群移除，但其代理程式仍在執行"),
            other: Phrase("somebody uses a stolen identity", "有人使用遭竊的身分"),
            Phrase("if {peer} ({address}) is meant to be out: stop its agent", "若 {peer}（{address}）確實應移除：停止其代理程式"),
            newIdentity),
        row(
            "superseded", .certificateSuperseded, [.certificateSuperseded],
            Phrase("its certificate was replaced by a newer one", "其憑證已被較新的憑證取代"),
            cause: Phrase("a copy of {peer} still uses the old identity", "{peer} 的複本仍使用舊的身分"),
            other: Phrase(
                "the newer identity was never copied to {peer}, or its agent was not restarted",
                "較新的身分從未複製到 {peer}，或其代理程式未重新啟動"),
            newIdentity),
        row(
            "key-replaced", .certificateSuperseded, [.keyReplaced],
            Phrase("its machine is known by a newer key", "其電腦已使用較新的金鑰"),
            cause: Phrase(
                "an old copy of {peer} runs at {address}, with a key of before", "{peer} 的舊複本以先前的金鑰在 {address} 執行"),
            other: Phrase(
                "the machine at {address} is {peer}, and another one took its entry by its hardware id",
                "{address} 的電腦才是 {peer}，另一部電腦以其硬體識別碼接手了項目"),
            Phrase("if the machine at {address} is an old copy: stop its agent", "若 {address} 的電腦是舊複本：停止其代理程式"),
            Phrase(
                "if it is a machine of its own: on {server}: rollcall node {peer} --apart",
                "若為另一部電腦：在 {server} 上執行 rollcall node {peer} --apart")),
        row(
            "untrusted", .certificateUntrusted, [.wrongAuthority, .certificateUnusable],
            Phrase(
                "its certificate was issued by {issuer}, not by this fleet's authority",
                "其憑證由 {issuer} 核發，並非此機群的憑證授權單位"
            ),
            cause: Phrase(
                "the agent at {address} belongs to another fleet, or this server's authority was made anew",
                "{address} 的代理程式屬於另一個機群，或此伺服器的憑證授權單位已重新建立"),
            other: Phrase(
                "a firewall on the way inspects TLS and shows a certificate of its own", "途中的防火牆檢查 TLS 並出示自己的憑證"),
            Phrase(
                "on {address}: see that the agent's settings name the server of its own fleet",
                "在 {address} 上確認代理程式的設定指向自己機群的伺服器"),
            newIdentity),
        row(
            "wrong-fleet", .agentElsewhere, [.wrongFleet],
            Phrase("its certificate names another fleet", "其憑證屬於另一個機群"),
            cause: Phrase(
                "the agent at {address} is configured for another configuration server's fleet",
                "{address} 的代理程式是為另一部組態伺服器的機群所設定"),
            other: Phrase("its identity was copied from another fleet", "其身分由另一個機群複製而來"),
            Phrase(
                "on {address}: correct the address of the configuration server in the agent's settings",
                "在 {address} 上更正代理程式設定中的組態伺服器位址"),
            newIdentity),
        row(
            "no-certificate", .certificateMissing, [.certificateMissing],
            Phrase("it shows no certificate of a node", "它未出示節點憑證"),
            cause: Phrase("the agent at {address} has no identity, or cannot read it", "{address} 的代理程式沒有身分，或無法讀取"),
            other: Phrase(
                "it is no agent: something else on {address} speaks TLS to port {port}",
                "它不是代理程式：{address} 上的其他軟體以 TLS 連到連接埠 {port}"),
            newIdentity, itsLog),
        row(
            "server-not-trusted-ended", .serverNotTrusted, [.serverNotTrusted], levels: [.critical],
            Phrase("this server's certificate has ended", "此伺服器的憑證已到期"),
            cause: Phrase("the certificate of {server} was not renewed in time", "{server} 的憑證未及時更新"),
            other: Phrase(
                "the agent at {address} trusts another authority, too", "{address} 的代理程式還信任另一個憑證授權單位"), renew,
            itsLog),
        row(
            "server-not-trusted", .serverNotTrusted, [.serverNotTrusted],
            Phrase("it does not trust this server's certificate", "它不信任此伺服器的憑證"),
            cause: Phrase(
                "the agent at {address} trusts another authority: it belongs to another fleet, or to this server before its authority was made anew",
                "{address} 的代理程式信任另一個憑證授權單位：它屬於另一個機群，或此伺服器的憑證授權單位已重新建立"),
            other: Phrase(
                "its clock is wrong, so that this server's certificate looks expired", "其時鐘有誤，使此伺服器的憑證看似已到期"),
            Phrase(
                "copy ca.pem of {server} to {address}, or correct the server's address there",
                "將 {server} 的 ca.pem 複製到 {address}，或更正該處的伺服器位址"),
            compareClocks),
        row(
            "server-not-trusted-clock", .serverNotTrusted, [.clock],
            Phrase("it takes this server's certificate for expired, which it is not", "它認為此伺服器的憑證已到期，但實際上並未到期"),
            cause: Phrase("the clock of {address} is ahead", "{address} 的時鐘過快"),
            other: Phrase(
                "it has an older certificate of {server} in a cache, or a proxy shows one",
                "它快取了 {server} 的舊憑證，或 Proxy 出示舊憑證"),
            compareClocks, itsLog),
        row(
            "tls-version", .tlsVersionUnsupported, [.tlsVersion, .nothingInCommon],
            Phrase(
                "it offers no TLS version or cipher this server accepts: TLS 1.2 or newer is needed",
                "它未提供此伺服器接受的 TLS 版本或加密套件：需要 TLS 1.2 或更新版本"),
            cause: Phrase("the software at {address} is too old for TLS 1.2", "{address} 的軟體過舊，不支援 TLS 1.2"),
            other: Phrase(
                "a proxy or firewall between {address} and {server} speaks an old TLS in its name",
                "{address} 與 {server} 之間的 Proxy 或防火牆以舊版 TLS 代為連線"),
            Phrase("upgrade the agent and the TLS library on {address}", "升級 {address} 上的代理程式與 TLS 程式庫"), probeFrom),
        row(
            "handshake-broken", .handshakeBroken, [.stalled, .reset, .peerAlert, .protocolError],
            Phrase("TLS does not get through: {detail}", "TLS 無法完成：{detail}"),
            cause: Phrase(
                "something between {address} and {server} breaks TLS: a firewall that inspects it, or an MTU too small for full packets",
                "{address} 與 {server} 之間有裝置破壞 TLS：檢查 TLS 的防火牆，或 MTU 過小無法傳送完整封包"),
            other: Phrase("{address} is overloaded, or loses packets", "{address} 過載，或封包遺失"), probeFrom,
            Phrase(
                "on {address}: ping -M do -s 1472 {server}; if that fails, lower the MTU",
                "在 {address} 上執行：ping -M do -s 1472 {server}；若失敗，請調低 MTU")),
        DecisionRow(
            "wrong-passphrase", .wrongPassphrase, .init(topic: .admission, attempts: [.wrongPassphrase]),
            title: Phrase(
                "{address} tries to enrol as {claimed} each {interval} with another passphrase than the fleet's",
                "{address} 約每 {interval} 嘗試以 {claimed} 的名稱加入一次，但其複雜密碼並非機群的複雜密碼"),
            cause: Phrase(
                "the passphrase on {address} is mistyped, or was changed since", "{address} 上的複雜密碼輸入錯誤，或之後已變更"),
            other: Phrase(
                "something between {address} and {server} ends TLS in its name (a firewall that inspects it), or somebody guesses",
                "{address} 與 {server} 之間有裝置代為終止 TLS（檢查 TLS 的防火牆），或有人在猜測"),
            remedy: .init(linux: enrolAnew, windows: enrolAnew, other: enrolAnew)),
    ]
}
