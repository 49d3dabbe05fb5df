/// 繁體中文：TCP 已連上，TLS 與憑證。
extension VerdictWords {
    static let chineseTLS: [Symptom: (cause: String, nextStep: String)] = [
        .pathMTU: (
            "路徑 MTU：{seen}。TCP 連得上，因為開頭的封包小；TLS 卡住，因為它的封包大。這是 VPN 的典型故障：沿途某段可容納的大小"
                + "小於這部機器所以為的，而應當告知的 ICMP 訊息又被丟棄。",
            "最好在 VPN 閘道上把區段大小限制到路徑所容（nft: tcp option maxseg size set rt mtu），並放行 ICMP「需要分段」。在此之前"
                + "於這部機器上：ip route change … mtu {largest}，或 ip link set dev {interface} mtu {largest}。"
        ),
        .heavyLoss: (
            "送往 {address} 的封包大量遺失，連線因此沒有結果：{seen}。",
            "查看沿途的鏈路（VPN、無線、雙工不符、壅塞）；--watch 會顯示何時好轉。"
        ),
        .stalledAfterConnect: (
            "連得上，卻什麼都過不去：{address} 接受了連線，之後送出的位元組沒有一個得到確認。這是半開的連線：防火牆忘了或從未記住它、"
                + "去程與回程不同路，或機器已死而前面的設備仍代為接受連線。",
            "雙向循路查看（從此處與 {address} 各做 traceroute）：去回必須經過相同的防火牆。查看其連線表，雙向放行連接埠 {port}。"
        ),
        .silentAfterConnect: (
            "連得上，但沒有回應：通往 {address} 的 TCP 是通的，TLS 問候卻得不到回答（{seen}）。該處的程式停住了，或檢查 TLS 的防火牆把它扣住。",
            "從伺服器所在的網路探測：若在那裡正常，請讓防火牆對連接埠 {port} 不加檢查地放行；否則查看 {address} 上的伺服器日誌並重新啟動。"
        ),
        .tlsCutOnTheWay: (
            "路上有東西切斷 TLS：與 {address} 的交握沒有結果，用純文字時同一部伺服器卻有回答。是會查看 TLS、又不放行所見內容的防火牆。",
            "請網路管理者讓通往 {address} 的連接埠 {port} 不經查看地放行。在此之前換個連接埠或許可行：rollcall serve --listen。"
        ),
        .atLimit: (
            "位於 {address} 的伺服器已達連線上限，拒絕新來者：{seen}。路徑正常。",
            "在伺服器上：日誌會記下被拒於門外的連線；查看是什麼占住連線（ss -tn 'sport = :{port}'），或調高所指的上限與其所需的開檔數。"
        ),
        .notTLS: (
            "{address} 連接埠 {port} 上接聽的不是 TLS，而是別的程式：{seen}。",
            "在 {address} 上：ss -ltnp 'sport = :{port}' 會指出程式。把它移走，或讓 Rollcall 改用別的連接埠。"
        ),
        .resetInHandshake: (
            "與 {address} 的連線在 TLS 交握途中被重設：檢查 TLS 的防火牆、負載平衡器，或剛停止的伺服器。",
            "從伺服器所在的網路探測：若在那裡正常，就是中間設備切斷的，請讓通往 {address} 的連接埠 {port} 免受檢查；否則查看伺服器的日誌。"
        ),
        .closedInHandshake: (
            "{address} 收到 TLS 問候後一言不發地掛斷：連接埠上是別的程式，或後面沒有伺服器的負載平衡器。",
            "在 {address} 上：ss -ltnp 'sport = :{port}' 會指出程式，再查看它的日誌。"
        ),
        .oldTLS: (
            "{address} 只會 1.2 以前的 TLS：Rollcall 伺服器不會如此。",
            "連接埠 {port} 上或中間有老舊的東西在回應。在 {address} 上：ss -ltnp 'sport = :{port}'。"
        ),
        .nothingInCommon: (
            "{address} 的 TLS 與 Rollcall 沒有共通的加密套件、群組或簽章演算法。",
            "可能是別的程式占用連接埠 {port}，或系統的 OpenSSL 原則禁止了 Rollcall 所用的：請比對兩部機器的 /etc/ssl/openssl.cnf。"
        ),
        .alert: (
            "{address} 拒絕 TLS 交握：{seen}。",
            "別的程式占用連接埠 {port}，或中間設備作祟。在 {address} 上：ss -ltnp 'sport = :{port}'，並查看其日誌。"
        ),
        .tlsFailed: (
            "與 {address} 的 TLS 交握失敗：{seen}。", "再探測一次，也從別的網路探測；然後查看伺服器的日誌。"
        ),
        .expired: (
            "依這部機器的時鐘，伺服器的憑證已經過期：{seen}。",
            "先比對時鐘（兩邊都執行 date -u）。若一致，就在伺服器上更新憑證：rollcall pki server。"
        ),
        .notYetValid: (
            "依這部機器的時鐘，伺服器的憑證尚未生效：兩邊的時鐘有一個是錯的，或簽發當時是錯的。",
            "比對時鐘（兩邊都執行 date -u），校正錯的那一個；並交給 chrony 或 systemd-timesyncd 維持。若一致，就在伺服器上重新簽發：rollcall pki server。"
        ),
        .foreignIssuer: (
            "憑證出自外來的簽發者：中間有檢查 TLS 的防火牆，或在 {address} 回應的是別的伺服器。所見為 {seen}。",
            "請網路管理者讓通往 {address} 的連接埠 {port} 免受 TLS 檢查；上列簽發者的名稱往往說明是哪一種產品。"
        ),
        .otherAuthority: (
            "有 Rollcall 伺服器回應，但手上的 CA 不為它擔保：它屬於別的機群，或 CA 已重新建立。所見為 {seen}。",
            "從伺服器的 pki 目錄重新取得 ca.pem 比對。若 CA 是重建的，每個節點都需要新的身分：rollcall pki node。"
        ),
        .otherHolder: (
            "不是要找的那部伺服器：{seen}。",
            "{host} 連接埠 {port} 是對的地方嗎？節點的憑證不能充當伺服器：請以 rollcall pki server 簽發。"
        ),
        .wrongName: (
            "回應的確實是本機群的伺服器，但憑證上沒有所用的名稱：{seen}。",
            "代理程式依憑證中的機群名稱辨識，照樣能進來；瀏覽器與指令稿則否。請改用憑證所列的名稱，或在伺服器上加入此名稱：rollcall pki server --host {host}。"
        ),
        .certificateRefused: ("伺服器的憑證無法接受：{seen}。", "在伺服器上簽發新的：rollcall pki server。"),
        .expiresSoon: ("伺服器的憑證即將到期：{seen}。", "請在到期前於伺服器上更新：rollcall pki server。"),
    ]
}
