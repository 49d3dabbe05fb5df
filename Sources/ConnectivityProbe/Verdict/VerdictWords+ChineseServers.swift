/// 繁體中文：TLS 已通，伺服器與品質。
extension VerdictWords {
    static let chineseServers: [Symptom: (cause: String, nextStep: String)] = [
        .notRollcall: (
            "TLS 通到了 {address}，但那裡回應的不是 Rollcall 伺服器：{seen}。",
            "{host} 連接埠 {port} 是對的地方嗎？若是，中間就有東西（Proxy、終結 TLS 的負載平衡器）：上列憑證會說明是誰的。"
        ),
        .identityRefused: (
            "伺服器拒絕這部機器的憑證：{seen}。",
            "以 rollcall pki show 查看它。若已過期、已撤銷或屬於別的機群，請在伺服器上簽發新的：rollcall pki node。"
        ),
        .identityNotSeen: (
            "所出示的身分沒有到達對方：{seen}。", "此處與 {address} 之間有東西終結 TLS 再重新開始：請讓連接埠 {port} 免受檢查。"
        ),
        .pingUnanswered: (
            "連得上，但沒有回答：TLS 正常，詢問得不到回應。伺服器停住了，或較大的封包在路上消失。",
            "從伺服器所在的網路探測；若相同，查看伺服器的日誌並重新啟動。"
        ),
        .pingCut: (
            "交握之後連線被切斷：{seen}。", "再探測一次：重新啟動中的伺服器會如此一次。若仍如此，查看伺服器的日誌與沿途的防火牆。"
        ),
        .pingRefused: ("自稱 rollcall/1 的對方沒有依規矩回答：{seen}。", "比對伺服器與探測程式的版本（兩邊都執行 rollcall --version）。"),
        .clockFarOff: (
            "兩邊的時鐘相差一刻鐘以上：{seen}。註冊會失敗，憑證會像是過期。",
            "比對兩部機器的 date -u，校正錯的那一個；並交給 chrony 或 systemd-timesyncd 維持。"
        ),
        .clockOff: (
            "兩邊的時鐘有差距：{seen}。目前還堪用；到 15 分鐘起註冊就會失敗。",
            "讓 chrony 或 systemd-timesyncd 維持兩部機器的時鐘。"
        ),
        .registrySilent: (
            "伺服器在，但它的登錄沒有回答：註冊與變更都在等候。{seen}。",
            "在伺服器上：rollcall status 與日誌。常見原因是磁碟停住（dmesg、iostat）。"
        ),
        .readOnly: (
            "伺服器在，但無法寫入它的登錄：新機器會被拒絕，已知的照常。", "在伺服器上：rollcall status 會指出原因（磁碟已滿、檔案唯讀）。"
        ),
        .draining: (
            "伺服器正在停止（draining）：在它回來之前，新來者會被拒絕。路徑正常。",
            "等一分鐘再探測；代理程式會自行回來。若它遲遲不回來，在伺服器上查看為何沒有啟動：journalctl -u rollcall。"
        ),
        .ipv6Broken: (
            "IPv4 正常；{host} 公布了 IPv6 位址，卻不通：先試 {address} 的人要等待，甚至失敗。所見為 {seen}。",
            "修復通往 {address} 的 IPv6，或從名稱移除 IPv6 位址；在此之前用 -4。"
        ),
        .someAddressesFail: (
            "{host} 有多個位址，並非個個可用：先試 {address} 的人要等待，甚至失敗。", "修復 {address}（{seen}），或從名稱移除它。"
        ),
        .lossy: (
            "可以連線，但封包在路上遺失：{seen}。活動訊號會遲到，連線會中斷。",
            "以 --watch 探測一分鐘；再查看沿途的鏈路（VPN、無線、雙工不符、壅塞）。"
        ),
        .idleLimit: (
            "路上有東西會忘記閒置的連線：{seen}。",
            "把活動訊號間隔（或 TCP 存活訊號 net.ipv4.tcp_keepalive_time）設到所述以下，或延長防火牆或 NAT 的閒置時限。"
        ),
        .agentElsewhere: (
            "路徑正常，但這部機器的代理程式設定的是別的伺服器：{seen}。",
            "若 {host} 才是對的，請更正代理程式設定中的 server 並重新啟動：systemctl restart rollcall-agent。"
        ),
        .agentStopped: (
            "路徑正常，但這部機器的代理程式沒有執行：{seen}。",
            "執行 systemctl enable --now rollcall-agent；若它再度結束：journalctl -u rollcall-agent。"
        ),
        .nodeRefuses: (
            "位於 {address} 的機器有回應，但連接埠 {port} 上沒有程式在接聽：到那裡為止網路正常。",
            "若它應在該處接聽（處理序伺服器在 9443，一致性群組成員在 20004），請查看其服務；否則它的代理程式日誌會說明為何沒有連進來。"
        ),
        .slowPing: (
            "可以連線，但慢：{seen}。", "從伺服器所在的網路探測：若在那裡快，就是路徑慢（VPN、負載）；否則是伺服器慢。"
        ),
        .slowHandshake: (
            "可以連線，但 TLS 交握慢：封包在路上遺失，或伺服器負載重。", "多探測幾次：若 TCP 連線也慢，就是路徑；否則是伺服器。"
        ),
        .slowConnect: (
            "可以連線，但送往 {address} 的第一個封包遺失：路徑會掉封包。", "多探測幾次；若經常發生，查看 VPN 與沿途的鏈路。"
        ),
    ]
}
