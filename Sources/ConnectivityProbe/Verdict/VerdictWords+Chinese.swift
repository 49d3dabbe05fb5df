/// 繁體中文：連線之前與 TCP。
extension VerdictWords {
    static let chineseWays: [Symptom: (cause: String, nextStep: String)] = [
        .nameNotFound: (
            "這部機器所問的名稱伺服器說，名稱 {host} 不存在，或沒有位址。",
            "先檢查拼字，再執行 getent hosts {host}。若別處查得到，請比對 /etc/resolv.conf；或改以位址代替名稱來探測。"
        ),
        .resolverSilent: (
            "沒有任何名稱伺服器回應：{host} 是否存在，無從得知。",
            "檢查 /etc/resolv.conf 所列的名稱伺服器，以及通往它們的路徑（UDP 與 TCP 53）；或改以位址代替名稱來探測。"
        ),
        .resolverFailed: (
            "查詢 {host} 時，名稱伺服器回了錯誤：{seen}。", "請洽名稱伺服器的管理者；在此之前以位址代替名稱來探測。"
        ),
        .noAddressOfFamily: (
            "{host} 沒有所要求的那一種位址：{seen}。", "拿掉 -4 或 -6，或替這個名稱加上缺少的位址。"
        ),
        .resolverLies: (
            "有名稱伺服器憑空編造位址：{seen}。它對 {host} 的回答不足採信。",
            "把它從 /etc/resolv.conf 移除，或詢問其管理者（強制登入頁、業者的搜尋頁）；並改探測伺服器的位址。"
        ),
        .hostsMismatch: (
            "這部機器的 /etc/hosts 與名稱伺服器互相矛盾：{seen}。", "兩個位址都探測一次，然後更正或刪除 /etc/hosts 的那一行。"
        ),
        .resolversDisagree: (
            "這部機器的幾部名稱伺服器，對 {host} 給了不同的位址：{seen}。",
            "逐一探測各位址；把給錯的名稱伺服器從 /etc/resolv.conf 移除，或請人更正其紀錄。"
        ),
        .slowName: (
            "可以連線，但名稱查得慢：這部機器最先詢問的名稱伺服器不回應。",
            "查看 /etc/resolv.conf 中名稱伺服器的順序，移除失效的那一部。"
        ),
        .interfaceDown: (
            "這部機器沒有通往 {address} 的路，而且有網路介面停用：{seen}。",
            "啟用它（ip link set dev 名稱 up；若是 VPN，請啟動），再執行 ip route get {address}。"
        ),
        .noNeighbour: (
            "沒有一個封包離開這部機器自己的網路：{seen}。那部機器關機，或這一部的位址、網路遮罩、閘道有誤，或接錯網路。",
            "ip route get {address} 會指出閘道，ip neigh 會顯示缺了誰。那部機器開機了嗎？這部機器接對網路了嗎？"
        ),
        .refusedOnTheWay: (
            "路上的防火牆冒用 {address} 的名義拒絕連線：{seen}。",
            "在此處與 {address} 之間的防火牆，尋找以重設拒絕 TCP {port} 的規則；伺服器本身沒有收到封包。"
        ),
        .rejected: (
            "防火牆拒絕連往 {address} 連接埠 {port}，並且明說了：{seen}。",
            "在回報的那部機器上，允許從此處到 {address} 的 TCP {port}。"
        ),
        .refused: (
            "位址 {address} 的機器有回應，但連接埠 {port} 上沒有程式在接聽（或該機的防火牆代為拒絕）。",
            "在 {address} 上：伺服器執行中嗎（Rollcall：systemctl status rollcall）？接聽的是這個連接埠嗎（ss -ltn）？{address} 是對的機器嗎？"
        ),
        .resetOnConnect: (
            "在 {address} 或之前，有東西接下連線後立刻重設：剛停止的伺服器、後面沒有伺服器的負載平衡器，或防火牆。",
            "在伺服器上：它在執行嗎（rollcall status），日誌知道這件事嗎？再看負載平衡器，以及沿途防火牆對連接埠 {port} 的規則。"
        ),
        .filtered: (
            "遭到過濾：送往 {address} 連接埠 {port} 的封包被丟棄，毫無回音。可能是防火牆或安全性群組、中斷的 VPN，或關機的機器。",
            "在沿途防火牆開放從此處到 {address} 的 TCP {port}，並檢查 VPN。探測 {address} 的另一個連接埠，可分辨關機與單一規則。"
        ),
        .unreachable: (
            "路上的路由器回報無法送達 {address}（{seen}）：對方關機、位址已變，或防火牆拒絕。",
            "{address} 開機了嗎？位址正確嗎？再循路查看：ip route get {address}；traceroute {address}。"
        ),
        .noRoute: (
            "這部機器沒有通往 {address} 的路由：一個封包都沒有送出。",
            "執行 ip route get {address}。介面啟用了嗎（ip link）？VPN 連上了嗎？"
        ),
        .forbiddenHere: (
            "這部機器自己禁止連往 {address} 連接埠 {port}。",
            "查看它自己的對外規則：nft list ruleset，以及安全模組允許什麼。"
        ),
        .familyMissing: (
            "這部機器沒有 {address} 所屬的位址種類。", "替 {host} 加上另一種位址，或在此處啟用這一種。"
        ),
        .tcpFailed: (
            "連往 {address} 連接埠 {port} 失敗：{seen}。", "再探測一次；若仍如此，查看這部機器的日誌（journalctl -k）。"
        ),
        .proxyAuthentication: (
            "中間有 HTTP Proxy，要求使用者名稱與密碼（407）：{seen}。",
            "代理程式不與 Proxy 交談。請開放不經 Proxy 通往 {host} 連接埠 {port} 的路，或讓 Proxy 免驗證放行。"
        ),
        .proxyRefuses: (
            "位於 {address} 的 HTTP Proxy 不肯建立連線：{seen}。",
            "請其管理者允許 CONNECT 到 {host} 連接埠 {port}；規則見其日誌。502 到 504 表示它自己連不到 {host}：請從那裡探測。"
        ),
    ]
}
