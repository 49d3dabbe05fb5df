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

    static let duplicateHardware = CatalogueEntry(
        code: .duplicateHardware, severity: .warning,
        english: CatalogueText(
            title: "Two machines with keys of their own call their hardware by one name",
            meaning:
                "Both are in the fleet, under entries of their own. A machine that comes with a new key takes the entry of one "
                + "that is away and has its hardware; these did not, because the other one was here, because they have no "
                + "network card in common, or because adopt-by-hardware is off.",
            causes: [
                "one is a clone of the other, made with its hardware's id",
                "the machine was set up anew while its old connection was still open",
                "two agents with identities of their own run on one machine",
            ],
            remedies: [
                "if they are one machine: rollcall node NEW --same-as OLD, once the old one is away",
                "if they are two: rollcall node NEW --apart, and give the copy an id of its own in its hypervisor",
            ],
            evidence: ["the hardware's name, how many network cards both have, and when each was last heard"]),
        traditionalChinese: CatalogueText(
            title: "兩部各有金鑰的電腦具有相同的硬體識別碼",
            meaning: "兩者在機群中各有自己的項目。以新金鑰連入的電腦，會接手硬體相同且已離線者的項目；此處未接手，"
                + "是因為另一部仍在線上、兩者沒有共同的網路卡，或 adopt-by-hardware 已關閉。",
            causes: ["其中一部是另一部的複本，連同硬體識別碼一併複製", "電腦重新設定時，舊的連線尚未結束", "同一部電腦上有兩個各有身分的代理程式"],
            remedies: [
                "若為同一部電腦：待舊者離線後執行 rollcall node NEW --same-as OLD",
                "若為兩部電腦：執行 rollcall node NEW --apart，並在其 Hypervisor 中給予複本自己的識別碼",
            ],
            evidence: ["硬體識別碼、共同的網路卡數目，以及各自最後有訊息的時間"]))

    static let machineChanged = CatalogueEntry(
        code: .machineChanged, severity: .information,
        english: CatalogueText(
            title: "A machine was reinstalled, renamed or moved, and is the same",
            meaning:
                "The machine proves by its key, or its hardware says, that it is the one known before, and something else that "
                + "tells machines apart is not as it was. It keeps its entry and its history. Told for a day.",
            causes: [
                "reinstalled: the machine id is another one, or the key is, and the hardware is the same",
                "renamed: the host name is another one", "moved: none of its addresses is as it was",
                "on other hardware: failed over, restored, or migrated",
            ],
            remedies: ["nothing, if that was meant", "if it is another machine: rollcall node NODE --apart"],
            evidence: ["what has changed, from what to what, and when that was registered"]),
        traditionalChinese: CatalogueText(
            title: "電腦已重新安裝、更名或移動，仍為同一部",
            meaning: "電腦以金鑰或硬體表明它就是先前所知的那一部，但其他用以辨識的項目已改變。它保留原有的項目與歷史。此訊息顯示一天。",
            causes: ["重新安裝：電腦識別碼或金鑰不同，硬體相同", "更名：主機名稱不同", "移動：位址全部不同", "硬體不同：容錯移轉、還原或遷移"],
            remedies: ["若為預期的變更，則不需動作", "若為另一部電腦：執行 rollcall node NODE --apart"],
            evidence: ["哪一項由什麼變為什麼，以及註冊的時間"]))
}
