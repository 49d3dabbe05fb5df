// The configuration server's own troubles.
extension Catalogue {
    static let registryNotWritable = CatalogueEntry(
        code: .registryNotWritable, severity: .critical,
        english: CatalogueText(
            title: "The registry cannot be written",
            meaning:
                "The configuration server cannot write its database. Heartbeats and queries work; registrations that "
                + "would have to be written are refused and repeated by the agents. What happens meanwhile is written "
                + "when the database can be written again.",
            causes: [
                "the disk of the data directory is full",
                "its file system became read-only, often after a fault of the disk",
                "the permissions of the data directory or of the database file were changed",
            ],
            remedies: [
                "look at the file system of the data directory (df -h, mount, dmesg): free space, or mount it writable",
                "see that the server's user may write the data directory and the files in it",
                "nothing else: the server tries again by itself and clears this error",
            ],
            evidence: ["what the database said when a write failed, with its path"]),
        traditionalChinese: CatalogueText(
            title: "無法寫入註冊資料庫",
            meaning: "組態伺服器無法寫入其資料庫。活動訊號與查詢仍可運作；需要寫入的註冊會被拒絕，並由代理程式稍後重試。"
                + "這段期間發生的事會在資料庫恢復寫入後補記。",
            causes: [
                "資料目錄所在的磁碟已滿",
                "檔案系統變成唯讀，常見於磁碟故障之後",
                "資料目錄或資料庫檔案的權限遭到變更",
            ],
            remedies: [
                "檢查資料目錄所在的檔案系統（df -h、mount、dmesg）：騰出空間，或重新掛載為可寫入",
                "確認執行伺服器的使用者可以寫入資料目錄及其中的檔案",
                "不需其他動作：伺服器會自行重試，並自動清除此錯誤",
            ],
            evidence: ["寫入失敗時資料庫回報的訊息及其路徑"]))

    static let serverStalled = CatalogueEntry(
        code: .serverStalled, severity: .warning,
        english: CatalogueText(
            title: "The configuration server itself stood still",
            meaning:
                "A loop of the server did not turn for a while, so it could not hear anybody. It looked at itself first: "
                + "all deadlines are moved by the time that was lost, and no node is called unreachable until the fleet "
                + "had time to be heard again.",
            causes: [
                "the process was stopped (SIGSTOP, a debugger) or its machine was out of processor time or memory",
                "the virtual machine was paused, moved to another host, or had its snapshot taken",
            ],
            remedies: [
                "look at the machine's load, memory and swap, and at the hypervisor's log for that time",
                "nothing else: the error is cleared when the fleet had its time to come back",
            ],
            evidence: ["which loop did not turn, for how long, and since when"]),
        traditionalChinese: CatalogueText(
            title: "組態伺服器本身曾停頓",
            meaning: "伺服器的某個迴圈有一段時間沒有運轉，因此無法收到任何活動訊號。伺服器先檢查自己："
                + "所有期限都依停頓的時間順延，在各節點有機會再次回報之前，不會判定任何節點無法連線。",
            causes: [
                "處理序遭到暫停（SIGSTOP、偵錯工具），或主機的處理器時間或記憶體不足",
                "虛擬機器被暫停、移轉到其他主機，或正在建立快照",
            ],
            remedies: [
                "檢查該時段主機的負載、記憶體與置換空間，以及 Hypervisor 的記錄",
                "不需其他動作：各節點有足夠時間重新回報後，此錯誤會自動清除",
            ],
            evidence: ["哪一個迴圈停頓、停頓多久、從何時開始"]))

    static let serverOverloaded = CatalogueEntry(
        code: .serverOverloaded, severity: .warning,
        english: CatalogueText(
            title: "The configuration server is overloaded",
            meaning:
                "Loops of the server lose a fifth of their time, and have for longer than a node may be silent. It holds its "
                + "own delay against nobody: who is late is judged as of the moment up to which everything that arrived was read. "
                + "So verdicts come later than they should, but not wrong ones.",
            causes: [
                "other programs of the machine take its processors",
                "the fleet, or the rate at which strangers dial, is more than the machine can serve",
                "the hypervisor gives the virtual machine too little processor time",
            ],
            remedies: [
                "see who takes the processor: top; steal time (“st”) is what the hypervisor takes",
                "give the server processors of its own, or a longer heartbeat-interval",
                "nothing else: the error is cleared when its loops turn in time again",
            ],
            evidence: ["which loop lost most, how much of which time, and when"]),
        traditionalChinese: CatalogueText(
            title: "組態伺服器過載",
            meaning: "伺服器的迴圈損失五分之一的時間，且持續時間已超過節點可容許的沉默。伺服器不會將自己的延遲歸咎於任何機器："
                + "判定以所有已到達的訊息都讀取完畢的時刻為準。因此判定會較晚，但不會出錯。",
            causes: [
                "主機上的其他程式占用處理器",
                "機群的規模，或陌生用戶端連線的頻率，超出主機的負荷",
                "Hypervisor 給虛擬機器的處理器時間不足",
            ],
            remedies: [
                "檢查占用處理器的程式：top；「st」為 Hypervisor 占用的時間",
                "給予伺服器專用的處理器，或延長 heartbeat-interval",
                "不需其他動作：迴圈恢復準時運轉後，此錯誤會自動清除",
            ],
            evidence: ["損失最多的迴圈、在多少時間內損失多少，以及時間"]))

    static let serverClockStepped = CatalogueEntry(
        code: .serverClockStepped, severity: .warning,
        english: CatalogueText(
            title: "The configuration server's clock was set",
            meaning:
                "Somebody, or its time service, set the wall clock of the server's machine while the server ran. It counts "
                + "silence by another clock, so nobody is late for it. The times it shows follow the new clock, those since its "
                + "start included; what was written down before keeps the time it was written with.",
            causes: [
                "the time service found the clock wrong after the machine started, and stepped it",
                "somebody set the clock by hand",
                "the virtual machine was paused or restored, and its clock was corrected afterwards",
            ],
            remedies: [
                "see that time is synchronised before the server starts (time-sync.target), and stays so: chronyc tracking, timedatectl",
                "nothing else: the error is cleared by itself",
            ],
            evidence: ["by how much the clock was set, in which direction, and when"]),
        traditionalChinese: CatalogueText(
            title: "組態伺服器的時鐘曾被調整",
            meaning: "伺服器執行期間，有人或時間服務調整了其機器的時鐘。伺服器以另一個時鐘計算沉默的時間，因此沒有任何機器因此遲到。"
                + "顯示的時間（包括啟動以來的時間）改依新的時鐘；先前寫入的記錄保留原本的時間。",
            causes: [
                "機器啟動後，時間服務發現時鐘不準而調整",
                "有人手動調整時鐘",
                "虛擬機器曾被暫停或還原，之後時鐘被校正",
            ],
            remedies: [
                "確認伺服器啟動前時間已同步（time-sync.target）並保持同步：chronyc tracking、timedatectl",
                "不需其他動作：此錯誤會自動清除",
            ],
            evidence: ["時鐘調整的幅度、方向與時間"]))
}
