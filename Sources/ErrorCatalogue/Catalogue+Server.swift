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
}
