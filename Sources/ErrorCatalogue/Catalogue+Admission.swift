// Machines that keep trying to get in, and do not.
extension Catalogue {
    static let agentElsewhere = CatalogueEntry(
        code: .agentElsewhere, severity: .critical,
        english: CatalogueText(
            title: "An agent of another fleet dials this server",
            meaning:
                "A machine shows a certificate of another fleet: its agent has the address of this server, and belongs to another.",
            causes: [
                "the agent's settings name the wrong configuration server",
                "the identity was copied from another fleet",
            ],
            remedies: ["correct the address in the agent's settings", "or give the machine an identity of this fleet"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "另一個機群的代理程式連到此伺服器",
            meaning: "某部電腦出示另一個機群的憑證：其代理程式設定了此伺服器的位址，但屬於另一部伺服器。",
            causes: ["代理程式設定了錯誤的組態伺服器", "身分由另一個機群複製而來"],
            remedies: ["更正代理程式設定中的位址", "或給予該電腦此機群的身分"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateExpired = CatalogueEntry(
        code: .certificateExpired, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a certificate that has expired",
            meaning: "The server refuses the certificate; the agent's log says the same.",
            causes: ["it was not renewed in time", "the server's clock is ahead"],
            remedies: ["give the machine a new identity", "compare the clocks"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續以過期的憑證嘗試連線",
            meaning: "伺服器拒絕該憑證；代理程式的記錄檔也有相同說明。",
            causes: ["憑證未及時更新", "伺服器的時鐘過快"],
            remedies: ["給予該電腦新的身分", "比較雙方的時鐘"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateNotYetValid = CatalogueEntry(
        code: .certificateNotYetValid, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a certificate that is not valid yet",
            meaning: "The certificate's validity begins in the future of this server's clock.",
            causes: ["the server's clock is behind", "the certificate was issued with a clock ahead"],
            remedies: ["compare the clocks", "issue a new identity"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續以尚未生效的憑證嘗試連線",
            meaning: "依此伺服器的時鐘，該憑證尚未生效。",
            causes: ["伺服器的時鐘過慢", "憑證核發時的時鐘過快"],
            remedies: ["比較雙方的時鐘", "核發新的身分"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateRevoked = CatalogueEntry(
        code: .certificateRevoked, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a certificate that was revoked",
            meaning: "The identity was withdrawn; whoever holds it stays outside.",
            causes: [
                "the machine was taken out of the fleet, and its agent still runs", "somebody uses a stolen identity",
            ],
            remedies: ["stop the agent there, or give it a new identity"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續以已撤銷的憑證嘗試連線",
            meaning: "該身分已被撤銷，持有者無法連入。",
            causes: ["電腦已自機群移除，但代理程式仍在執行", "有人使用遭竊的身分"],
            remedies: ["停止該處的代理程式，或給予新的身分"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateSuperseded = CatalogueEntry(
        code: .certificateSuperseded, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a certificate that was replaced",
            meaning: "A newer certificate of the same identity exists, and the old one is not accepted any more.",
            causes: [
                "a copy of the machine uses the old identity",
                "the machine came back with a new key, and the old one is used still",
            ],
            remedies: [
                "give it an identity of its own", "if two machines were taken for one: rollcall node NODE --apart",
            ],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續以已被取代的憑證嘗試連線",
            meaning: "相同身分已有較新的憑證，舊憑證不再接受。",
            causes: ["電腦的複本使用舊的身分", "電腦已使用新的金鑰，而舊金鑰仍在使用"],
            remedies: ["給予它自己的身分", "若將兩部電腦誤認為一部：執行 rollcall node NODE --apart"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateUntrusted = CatalogueEntry(
        code: .certificateUntrusted, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a certificate of another authority",
            meaning: "The certificate was not issued by this fleet's authority.",
            causes: [
                "the agent belongs to another fleet", "this server's authority was made anew",
                "a firewall that inspects TLS shows a certificate of its own",
            ],
            remedies: ["see which server the agent should dial", "or give it an identity of this fleet"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
                "the dates and the issuer of the certificate",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續以其他憑證授權單位的憑證嘗試連線",
            meaning: "該憑證並非由此機群的憑證授權單位核發。",
            causes: ["代理程式屬於另一個機群", "此伺服器的憑證授權單位已重新建立", "檢查 TLS 的防火牆出示自己的憑證"],
            remedies: ["確認代理程式應連到哪一部伺服器", "或給予此機群的身分"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數", "憑證的有效期間與核發者"]))

    static let certificateMissing = CatalogueEntry(
        code: .certificateMissing, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying without a node's certificate",
            meaning: "Registering needs the certificate of a node.",
            causes: ["the agent has no identity, or cannot read it"],
            remedies: ["give it an identity: rollcall pki node"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦未出示節點憑證而持續嘗試連線",
            meaning: "註冊需要節點的憑證。",
            causes: ["代理程式沒有身分，或無法讀取"],
            remedies: ["給予身分：rollcall pki node"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))

    static let serverNotTrusted = CatalogueEntry(
        code: .serverNotTrusted, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying and does not trust this server",
            meaning: "The machine ends the handshake because of this server's certificate.",
            causes: ["it trusts another authority", "its clock is wrong"],
            remedies: ["copy this fleet's ca.pem to it, or correct the server's address", "compare the clocks"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦不信任此伺服器而持續嘗試連線",
            meaning: "電腦因此伺服器的憑證而中止交握。",
            causes: ["它信任另一個憑證授權單位", "其時鐘有誤"],
            remedies: ["將此機群的 ca.pem 複製過去，或更正伺服器位址", "比較雙方的時鐘"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))

    static let tlsVersionUnsupported = CatalogueEntry(
        code: .tlsVersionUnsupported, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a TLS that is too old",
            meaning: "TLS 1.2 or newer is needed, with a cipher suite of forward secrecy.",
            causes: ["the software there is too old", "a proxy or firewall speaks an old TLS in its name"],
            remedies: ["upgrade it", "look for a proxy on the way"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦以過舊的 TLS 持續嘗試連線",
            meaning: "需要 TLS 1.2 或更新版本，以及具前向保密的加密套件。",
            causes: ["該處的軟體過舊", "Proxy 或防火牆以舊版 TLS 代為連線"],
            remedies: ["升級該軟體", "檢查途中的 Proxy"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))

    static let handshakeBroken = CatalogueEntry(
        code: .handshakeBroken, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying, and TLS does not get through",
            meaning: "TCP works, and the handshake stops half-way.",
            causes: [
                "a firewall inspects TLS", "the MTU on the way is too small for full packets", "packets are lost",
            ],
            remedies: ["on the machine: rollcall probe SERVER", "try a smaller MTU"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續嘗試連線，但 TLS 無法完成",
            meaning: "TCP 正常，但交握中途停止。",
            causes: ["防火牆檢查 TLS", "途中的 MTU 過小，無法傳送完整封包", "封包遺失"],
            remedies: ["在該電腦上執行 rollcall probe SERVER", "試用較小的 MTU"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))

    static let wrongPassphrase = CatalogueEntry(
        code: .wrongPassphrase, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying with a wrong passphrase",
            meaning: "The passphrase admits new machines to the fleet. What the machine proved is not that.",
            causes: [
                "it is mistyped", "it was changed since",
                "something on the way ends TLS: a firewall that inspects it", "somebody guesses",
            ],
            remedies: [
                "enter the fleet's present passphrase there (rollcall agent --enroll)",
                "let the firewall pass TLS of this port unopened",
                "where nobody sets up a machine: block the address, and close enrolment until one is to come",
            ],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦以錯誤的複雜密碼持續嘗試連線",
            meaning: "複雜密碼用於讓新電腦加入機群。該電腦所證明的並非此複雜密碼。",
            causes: ["輸入錯誤", "之後已變更", "途中有裝置終止 TLS：檢查 TLS 的防火牆", "有人在猜測"],
            remedies: [
                "在該處輸入機群目前的複雜密碼（rollcall agent --enroll）", "讓防火牆不解開此連接埠的 TLS",
                "若無人設定新電腦：封鎖該位址，並在有新電腦要加入之前關閉註冊功能",
            ],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))

    static let registrationRefused = CatalogueEntry(
        code: .registrationRefused, severity: .critical,
        english: CatalogueText(
            title: "A machine keeps trying, and its registration is refused",
            meaning:
                "It got in and proved who it is; what it says of itself cannot be taken. The refusal names the field.",
            causes: ["a fact is missing or malformed: host name, addresses, role", "the registry is full"],
            remedies: ["correct what the refusal names"],
            evidence: [
                "how many attempts, from where, since when and how often",
                "how far the last one got, and how many bytes went each way",
            ]),
        traditionalChinese: CatalogueText(
            title: "電腦持續嘗試註冊但遭到拒絕",
            meaning: "它已連入並證明身分，但其註冊內容無法接受。拒絕訊息會指出欄位。",
            causes: ["缺少或不正確的內容：主機名稱、位址、角色", "註冊資料庫已滿"],
            remedies: ["更正拒絕訊息所指出的項目"],
            evidence: ["嘗試的次數、來源、起始時間與頻率", "最近一次進行到哪一步，以及雙向的位元組數"]))
}
