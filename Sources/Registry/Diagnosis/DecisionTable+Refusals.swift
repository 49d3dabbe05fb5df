internal import ErrorCatalogue

// Those who proved who they are, and whose registration is refused.
extension DecisionTable {
    private static let correctIt = Phrase(
        "correct what it names, on {peer} ({address})", "在 {peer}（{address}）上更正其所指出的項目")

    static let refusalRows: [DecisionRow] = [
        row(
            "refused-facts", .registrationRefused, [.factsMissing, .factsMalformed],
            Phrase(
                "its registration is refused, for something in it is missing or cannot be: {detail}",
                "其註冊遭到拒絕，內容有缺漏或不正確：{detail}"),
            cause: Phrase(
                "the settings of the agent on {peer}, or the machine itself, say so: {detail}",
                "{peer} 上代理程式的設定或電腦本身即是如此：{detail}"),
            other: Phrase("the agent on {peer} is not one of ours, or of a newer version", "{peer} 上的代理程式並非本產品，或版本較新"),
            correctIt, itsLog),
        row(
            "refused-address", .registrationRefused, [.noUsableAddress],
            Phrase(
                "its registration is refused: none of its addresses can be reached from another machine",
                "其註冊遭到拒絕：其位址均無法由其他電腦連到"),
            cause: Phrase(
                "the network cards of {peer} have no address of their own: {detail}", "{peer} 的網路卡沒有自己的位址：{detail}"),
            other: Phrase("its DHCP server did not answer when it started", "開機時 DHCP 伺服器沒有回應"),
            Phrase(
                "on {peer} ({address}): give a network card an IPv4 or IPv6 address that others can reach (ip address shows what it has)",
                "在 {peer}（{address}）上為網路卡設定其他電腦可連到的 IPv4 或 IPv6 位址（ip address 可顯示現況）"),
            itsLog),
        row(
            "refused-role", .registrationRefused, [.roleDiffers],
            Phrase(
                "its registration is refused: it says that it has another role than it is registered with",
                "其註冊遭到拒絕：其角色與註冊時不同"),
            cause: Phrase("the role was changed in the agent's settings: {detail}", "代理程式設定中的角色已變更：{detail}"),
            other: Phrase("its identity was copied from a machine of another role", "其身分由另一角色的電腦複製而來"),
            Phrase(
                "correct the role in the settings of the agent on {peer} ({address})", "更正 {peer}（{address}）上代理程式設定中的角色"
            ),
            newIdentity),
        row(
            "refused-full", .registrationRefused, [.registryFull],
            Phrase(
                "its registration is refused: the registry of {server} is at its limit", "其註冊遭到拒絕：{server} 的註冊資料庫已達上限"),
            cause: Phrase(
                "{server} holds as many machines or sites as it may: {detail}", "{server} 的電腦或站台數目已達上限：{detail}"),
            other: Phrase("agents with mistyped sites, each a new one, fill the registry", "代理程式的站台名稱打錯，各成新站台，占滿註冊資料庫"),
            Phrase(
                "on {server}: rollcall status, for its machines and sites; use another server for further ones",
                "在 {server} 上執行 rollcall status 查看電腦與站台；其餘的請使用另一部伺服器")),
        row(
            "refused-twin", .registrationRefused, [.duplicateIdentity],
            Phrase("its registration is refused: another machine uses its identity", "其註冊遭到拒絕：另一部電腦使用其身分"),
            cause: Phrase("the machine at {address} is a copy: {detail}", "{address} 的電腦是複本：{detail}"),
            other: Phrase("two agents run on one machine", "同一部電腦上有兩個代理程式"), newIdentity),
        row(
            "refused", .registrationRefused, [.versionUnsupported],
            Phrase("its registration is refused: {detail}", "其註冊遭到拒絕：{detail}"),
            cause: Phrase(
                "the agent on {peer} is of a version that does not fit this server: {detail}",
                "{peer} 上的代理程式版本與此伺服器不符：{detail}"),
            other: Phrase("{server} was replaced by an older version", "{server} 已改為較舊的版本"), itsLog, correctIt),
    ]
}
