internal import ErrorCatalogue

// Who has changed and is the same, and who has the hardware of another.
extension DecisionTable {
    private static let ifWrong = Phrase(
        "nothing, if that was meant: it is told for a day; else find out who changed {host} ({address})",
        "若為預期的變更則不需動作，此訊息顯示一天；否則請查明是誰變更了 {host}（{address}）")
    static let changeRows: [DecisionRow] = [
        DecisionRow(
            "reinstalled", .machineChanged, .information, .init(topic: .change, changes: [.reinstalled]),
            title: Phrase("{host}: reinstalled; the same machine by its key", "{host}：已重新安裝；依金鑰為同一部電腦"),
            cause: Phrase(
                "its operating system was installed anew, and its identity directory put back: machine id {old} is {new} now",
                "作業系統已重新安裝，並放回身分目錄：電腦識別碼由 {old} 變為 {new}"),
            other: Phrase("its identity directory was moved to another machine", "身分目錄被移到另一部電腦"), remedy: .init(ifWrong)
        ),
        DecisionRow(
            "renamed", .machineChanged, .information, .init(topic: .change, changes: [.renamed]),
            title: Phrase(
                "{host}: renamed, it was {old}; the same machine by its key", "{host}：已更名，原為 {old}；依金鑰為同一部電腦"),
            cause: Phrase("somebody gave the machine the name {new}", "有人將電腦更名為 {new}"),
            other: Phrase("its identity directory was moved to another machine", "身分目錄被移到另一部電腦"), remedy: .init(ifWrong)
        ),
        DecisionRow(
            "moved", .machineChanged, .information, .init(topic: .change, changes: [.moved]),
            title: Phrase(
                "{host}: moved from {old} to {new}; the same machine by its key", "{host}：由 {old} 移到 {new}；依金鑰為同一部電腦"),
            cause: Phrase("the machine was given another address, or brought to another network", "電腦取得了其他位址，或移到另一個網路"),
            other: Phrase("it was failed over, or back", "它已容錯移轉或容錯回復"), remedy: .init(ifWrong)),
        DecisionRow(
            "new-key", .machineChanged, .information, .init(topic: .change, changes: [.newKey]),
            title: Phrase(
                "{host}: reinstalled with a new key; the same machine by its hardware", "{host}：已重新安裝並使用新的金鑰；依硬體為同一部電腦"),
            cause: Phrase(
                "it was set up anew, and given a new identity: it is known by key {new} now, and key {old} is refused",
                "它已重新設定並取得新的身分：現在的金鑰為 {new}，舊金鑰 {old} 不再接受"),
            other: Phrase(
                "another machine with the same hardware id came up while {host} was away: a copy made in a hypervisor",
                "{host} 離線時，另一部硬體識別碼相同的電腦連入：由 Hypervisor 複製"),
            remedy: .init(
                Phrase("nothing, if that was meant: it is told for a day", "若為預期的變更則不需動作，此訊息顯示一天"),
                Phrase(
                    "if {host} ({address}) is another machine: on {server}: rollcall node {node} --apart",
                    "若 {host}（{address}）是另一部電腦：在 {server} 上執行 rollcall node {node} --apart"))),
        DecisionRow(
            "other-hardware", .machineChanged, .information, .init(topic: .change, changes: [.otherHardware]),
            title: Phrase(
                "{host}: runs on other hardware; the same machine by its key", "{host}：在其他硬體上執行；依金鑰為同一部電腦"),
            cause: Phrase(
                "it was failed over or back, restored from a backup, or migrated: hardware {old} is {new} now",
                "它已容錯移轉或容錯回復、由備份還原或遷移：硬體由 {old} 變為 {new}"),
            other: Phrase("its identity directory was moved to another machine", "身分目錄被移到另一部電腦"), remedy: .init(ifWrong)
        ),
    ]

    static let hardwareRows: [DecisionRow] = [
        DecisionRow(
            "hardware-of-another", .duplicateHardware, .warning, .init(topic: .hardware, levels: [.warning]),
            title: Phrase(
                "{host}: has the hardware id of {other_host} ({other_address}), which is here, too",
                "{host}：與同在線上的 {other_host}（{other_address}）硬體識別碼相同"),
            cause: Phrase(
                "{host} ({address}) and {other_host} ({other_address}) were cloned one from the other, with hardware id {hardware}",
                "{host}（{address}）與 {other_host}（{other_address}）其中一部複製自另一部，硬體識別碼同為 {hardware}"),
            other: Phrase(
                "two agents with identities of their own run on one machine, or in two containers of it",
                "同一部電腦（或其兩個容器）上有兩個各有身分的代理程式"),
            remedy: .init(
                Phrase(
                    "in the hypervisor, give the copy an id of its own (VMware: uuid.action = \"create\"), and restart it",
                    "在 Hypervisor 中給予複本自己的識別碼（VMware：uuid.action = \"create\"），並重新啟動"),
                areTwo)),
        DecisionRow(
            "hardware-of-one-away", .duplicateHardware, .information, .init(topic: .hardware),
            title: Phrase(
                "{host}: has the hardware id of {other_host}, which is away since {other_since}",
                "{host}：與自 {other_since} 起離線的 {other_host} 硬體識別碼相同"),
            cause: Phrase(
                "{host} ({address}) is {other_host} ({other_address}), set up anew with a new key",
                "{host}（{address}）就是 {other_host}（{other_address}），以新的金鑰重新設定"),
            other: Phrase("{host} is a copy of {other_host}", "{host} 是 {other_host} 的複本"),
            remedy: .init(
                Phrase(
                    "if they are one machine: on {server}: rollcall node {id} --same-as {other_id}",
                    "若為同一部電腦：在 {server} 上執行 rollcall node {id} --same-as {other_id}"),
                areTwo)),
    ]

    private static let areTwo = Phrase(
        "if they are two machines all the same: on {server}: rollcall node {id} --apart",
        "若確為兩部電腦：在 {server} 上執行 rollcall node {id} --apart")
}
