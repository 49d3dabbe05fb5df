// Who flaps, who shares an identity, who has changed and is the same.
extension Catalogue {
    static let flapping = CatalogueEntry(
        code: .flapping, severity: .critical,
        english: CatalogueText(
            title: "Lost and back, again and again",
            meaning:
                "A machine, a service or a group was lost and came back at least flapping-count times within flapping-window. "
                + "It is told once, with a count: its single absences raise no errors of their own until it has stayed one "
                + "way for flapping-quiet.",
            causes: [
                "the path comes and goes: a line, a VPN, a duplicate address",
                "the agent, the service or the machine crashes and is started again",
            ],
            remedies: ["look for what comes and goes in the logs of the path", "read the log of the agent or service"],
            evidence: [
                "how often it was lost and back, between when and when, and how many of these absences were errors"
            ]),
        traditionalChinese: CatalogueText(
            title: "一再失聯又恢復",
            meaning: "電腦、服務或群組在 flapping-window 內失聯又恢復達 flapping-count 次以上。只告知一次並計數；"
                + "在維持同一狀態達 flapping-quiet 之前，單次失聯不再另列錯誤。",
            causes: ["路徑時通時斷：線路、VPN 或重複的位址", "代理程式、服務或電腦當掉後重新啟動"],
            remedies: ["在路徑的記錄中尋找時通時斷之處", "查看代理程式或服務的記錄檔"],
            evidence: ["失聯後恢復的次數與起訖時間，以及其中有多少次曾列為錯誤"]))

    static let duplicateIdentity = CatalogueEntry(
        code: .duplicateIdentity, severity: .critical,
        english: CatalogueText(
            title: "Two machines use one identity",
            meaning:
                "Two who live register under one identity, and took each other's place. Whoever was there first keeps it, and "
                + "is shown as before; the other is refused, and its log says why. A reboot, an agent started again and a "
                + "machine that moved are told apart: they take the place of their own dead connection, and once.",
            causes: [
                "clones of a template that had an identity already, or a snapshot restored beside its original",
                "the identity directory was copied to another machine",
                "two agents on one machine",
            ],
            remedies: [
                "on the server: rollcall pki node --out DIRECTORY, for the copy",
                "copy the directory to it, and restart its agent",
            ],
            evidence: ["of each of them: host name, address, boot id, machine id, and how often and when it registered"]
        ),
        traditionalChinese: CatalogueText(
            title: "兩部電腦使用同一個身分",
            meaning: "兩部運作中的電腦以同一個身分註冊，並互相取代。先連上者保留位置並照常顯示；另一部遭拒絕，"
                + "其記錄檔說明原因。重新開機、代理程式重新啟動或電腦移動不在此列：它們只會取代自己已中斷的連線一次。",
            causes: ["由已有身分的範本複製，或在原機旁還原快照", "身分目錄被複製到另一部電腦", "同一部電腦上有兩個代理程式"],
            remedies: ["在伺服器上為複本執行 rollcall pki node --out DIRECTORY", "將該目錄複製過去，並重新啟動代理程式"],
            evidence: ["各自的主機名稱、位址、開機識別碼、電腦識別碼，以及註冊的次數與時間"]))

    static let machineChanged = CatalogueEntry(
        code: .machineChanged, severity: .information,
        english: CatalogueText(
            title: "A machine was reinstalled, renamed or moved, and is the same",
            meaning:
                "The machine proves by its key that it is the one known before, and something that tells machines apart is not "
                + "as it was. It keeps its entry and its history. Told for a day.",
            causes: [
                "reinstalled: the machine id is another one", "renamed: the host name is another one",
                "moved: none of its addresses is as it was",
            ],
            remedies: ["nothing, if that was meant"],
            evidence: ["what has changed, from what to what, and when that was registered"]),
        traditionalChinese: CatalogueText(
            title: "電腦已重新安裝、更名或移動，仍為同一部",
            meaning: "電腦以金鑰證明它就是先前所知的那一部，但用以辨識的項目已改變。它保留原有的項目與歷史。此訊息顯示一天。",
            causes: ["重新安裝：電腦識別碼不同", "更名：主機名稱不同", "移動：位址全部不同"],
            remedies: ["若為預期的變更，則不需動作"],
            evidence: ["哪一項由什麼變為什麼，以及註冊的時間"]))
}
