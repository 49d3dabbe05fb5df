public import ErrorCatalogue

/// A sentence that states a fact, or why an error ended. The raw value is kept and sent: never change one.
public enum Sentence: String, Hashable, Sendable, CaseIterable {
    case lastHeard = "last-heard"
    case connectionEnded = "connection-ended"
    case connectionOpen = "connection-open"
    case noConnection = "no-connection"
    case saidGoodbye = "said-goodbye"
    case neighbours
    case alone
    case serviceReport = "service-report"
    case serviceDetail = "service-detail"
    case machineAnswers = "machine-answers"
    case componentSilent = "component-silent"
    case askedConfirmed = "asked-confirmed"
    case askedUnconfirmed = "asked-unconfirmed"
    case askedEchoAnswered = "asked-echo-answered"
    case askedEchoUnanswered = "asked-echo-unanswered"
    case askedPortOpen = "asked-port-open"
    case askedPortRefused = "asked-port-refused"
    case askedPortUnanswered = "asked-port-unanswered"
    case askedNobodyAnswers = "asked-nobody-answers"
    case store
    case attempts
    case certificateValidity = "certificate-validity"
    case certificateIssuer = "certificate-issuer"
    case attemptDetail = "attempt-detail"
    case fellTogether = "fell-together"
    case exceptions
    case skewMeasured = "skew-measured"
    case clocksAgree = "clocks-agree"
    case versions
    case failoverDeclared = "failover-declared"
    case dataPathReport = "data-path-report"
    case blockedTogether = "blocked-together"
    case dependants
    case stalled
    case flapped
    case sighted
    case machineChanged = "machine-changed"
    case sameHardware = "same-hardware"
    case clockStepped = "clock-stepped"
    case selfInOrder = "self-in-order"
    case selfStalled = "self-stalled"
    case selfClock = "self-clock"
    case selfLagged = "self-lagged"
    case lagged
    case serverCertificate = "server-certificate"
    case otherServer = "other-server"
    case freeText = "free-text"

    case clearedHow = "cleared-how"
    case clearedServiceRuns = "cleared-service-runs"
    case clearedNotWatched = "cleared-not-watched"
    case clearedNotKnown = "cleared-not-known"
    case clearedGoodbye = "cleared-goodbye"
    case clearedStore = "cleared-store"
    case clearedRestart = "cleared-restart"
    case clearedStall = "cleared-stall"
    case clearedClockStep = "cleared-clock-step"
    case clearedLoad = "cleared-load"
    case clearedGotIn = "cleared-got-in"
    case clearedStoppedTrying = "cleared-stopped-trying"
    case clearedFolded = "cleared-folded"
    case clearedAllBack = "cleared-all-back"
    case clearedToldApart = "cleared-told-apart"
    case clearedHeardComponent = "cleared-heard-component"
    case clearedClock = "cleared-clock"
    case clearedVersion = "cleared-version"
    case clearedCancelled = "cleared-cancelled"
    case clearedDataPath = "cleared-data-path"
    case clearedSteady = "cleared-steady"
    case clearedOneUser = "cleared-one-user"
    case clearedTold = "cleared-told"
    case clearedDecided = "cleared-decided"
    case clearedOneHardware = "cleared-one-hardware"
    case clearedServerCertificate = "cleared-server-certificate"
    case clearedOneServer = "cleared-one-server"

    /// The sentence, with names that stand open.
    public var phrase: Phrase {
        switch self {
        case .lastHeard:
            Phrase(
                "last heard at {at}, {silence} ago; a heartbeat was due each {interval}",
                "最後一次於 {at} 收到訊息，距今 {silence}；每 {interval} 應有一次活動訊號")
        case .connectionEnded: Phrase("its connection from {peer} was {loss}", "來自 {peer} 的連線{loss}")
        case .connectionOpen:
            Phrase(
                "its connection from {peer} is open, but nothing comes through it", "來自 {peer} 的連線仍然開啟，但沒有任何訊息")
        case .noConnection:
            Phrase("no connection since this server started at {at}", "自伺服器於 {at} 啟動以來沒有連線")
        case .saidGoodbye:
            Phrase(
                "it said goodbye at {at}: {reason}; it should have been back within {grace}",
                "它於 {at} 道別：{reason}；應在 {grace} 內恢復")
        case .neighbours:
            Phrase("of {due} nodes of site {site}, {answering} answer", "站台 {site} 的 {due} 部電腦中有 {answering} 部有回應")
        case .alone: Phrase("no other node of site {site} should answer", "站台 {site} 沒有其他應有回應的電腦")
        case .serviceReport:
            Phrase(
                "{service}: {state} since {since}, start type {start_type}",
                "{service}：自 {since} 起{state}，啟動類型為{start_type}")
        case .serviceDetail:
            Phrase(
                "{service}: {state} since {since}, start type {start_type}; {detail}",
                "{service}：自 {since} 起{state}，啟動類型為{start_type}；{detail}")
        case .machineAnswers: Phrase("the machine answers: last heard at {at}", "電腦有回應：最後一次於 {at} 收到訊息")
        case .componentSilent:
            Phrase(
                "{component}: last heard at {at}, {silence} ago; other programs of the machine are heard, last at {other_at}",
                "{component}：最後一次於 {at} 收到訊息，距今 {silence}；同一部電腦的其他程式仍有訊息，最後一次於 {other_at}")
        case .askedConfirmed:
            Phrase(
                "asked over its connection at {at}: its machine confirmed the question, its agent did not answer within {after}",
                "於 {at} 經由其連線詢問：電腦已確認收到，但代理程式在 {after} 內沒有回應")
        case .askedUnconfirmed:
            Phrase(
                "asked over its connection at {at}: its machine confirmed nothing within {after}; segments waiting {segments}, sent again {again} times in a row",
                "於 {at} 經由其連線詢問：電腦在 {after} 內沒有確認；等待確認的區段 {segments} 個，已連續重送 {again} 次")
        case .askedEchoAnswered:
            Phrase("asked at {at}: {address} answers ping within {after}", "於 {at} 詢問：{address} 在 {after} 內回應 ping")
        case .askedEchoUnanswered:
            Phrase(
                "asked at {at}: {address} answered none of {count} pings within {after}",
                "於 {at} 詢問：{address} 在 {after} 內未回應 {count} 次 ping")
        case .askedPortOpen:
            Phrase(
                "asked at {at}: port {asked_port} of {address} took a connection within {after}",
                "於 {at} 詢問：{address} 的連接埠 {asked_port} 在 {after} 內接受連線")
        case .askedPortRefused:
            Phrase(
                "asked at {at}: {address} refused a connection to port {asked_port} within {after}: nobody listens there, but the machine is up",
                "於 {at} 詢問：{address} 在 {after} 內拒絕連接埠 {asked_port} 的連線：該連接埠無人接聽，但電腦正在運作")
        case .askedPortUnanswered:
            Phrase(
                "asked at {at}: {address} did not answer on port {asked_port} within {after}",
                "於 {at} 詢問：{address} 的連接埠 {asked_port} 在 {after} 內沒有回應")
        case .askedNobodyAnswers:
            Phrase(
                "at {at} no machine of site {site} was known to answer such questions: a firewall may keep them out, so this silence proves nothing",
                "於 {at} 站台 {site} 沒有任何電腦已知會回應這類詢問：可能被防火牆阻擋，因此這項沉默不能證明什麼")
        case .store: Phrase("{reason}", "{reason}")
        case .attempts:
            Phrase(
                "{count} attempts from {address} since {first}, one each {interval}; the last at {at}",
                "自 {first} 起有 {count} 次來自 {address} 的嘗試，約每 {interval} 一次；最近一次於 {at}")
        case .certificateValidity:
            Phrase("its certificate is valid from {from} until {until}", "其憑證的有效期間為 {from} 至 {until}")
        case .certificateIssuer: Phrase("its certificate was issued by {issuer}", "其憑證由 {issuer} 核發")
        case .attemptDetail:
            Phrase(
                "the last attempt: {detail} ({bytes_in} bytes came, {bytes_out} were sent)",
                "最近一次嘗試：{detail}（收到 {bytes_in} 位元組，送出 {bytes_out} 位元組）")
        case .fellTogether:
            Phrase(
                "{lost} of {due} nodes {factor} fell silent between {from} and {to}",
                "{factor}的 {due} 部電腦中有 {lost} 部在 {from} 與 {to} 之間失去訊息")
        case .exceptions: Phrase("{answering} of them still answer: {names}", "其中 {answering} 部仍有回應：{names}")
        case .skewMeasured:
            Phrase(
                "its clock is {skew} {direction} the server's, measured at {at}", "其時鐘比伺服器{direction} {skew}，測量於 {at}")
        case .clocksAgree:
            Phrase(
                "of the {due} machines that registered last, {count} agree with one another within a minute: the server's clock is {skew} "
                    + "{direction} theirs, at {at}",
                "最近註冊的 {due} 部電腦中有 {count} 部的時鐘彼此相差不到一分鐘：{at} 時伺服器的時鐘比它們{direction} {skew}")
        case .versions:
            Phrase(
                "it runs version {version}, this server {server_version}; noted at {at}",
                "它的版本為 {version}，伺服器為 {server_version}；記錄於 {at}")
        case .failoverDeclared:
            Phrase(
                "failover was declared at {at}; it should have registered by {until}", "容錯移轉於 {at} 宣告；應於 {until} 之前註冊")
        case .dataPathReport:
            Phrase(
                "{host} reports at {at}: no way to {process_server}:{ps_port} since {since}; reason: {detail}",
                "{host} 於 {at} 回報：自 {since} 起無法連到 {process_server}:{ps_port}；原因：{detail}")
        case .blockedTogether:
            Phrase(
                "{count} machines report no way to {process_server}:{ps_port}, the first since {since}: {names}",
                "{count} 部電腦回報無法連到 {process_server}:{ps_port}，最早自 {since} 起：{names}")
        case .dependants:
            Phrase(
                "{dependants} machines send through it; {at_risk} of them still answer: at risk, not lost",
                "有 {dependants} 部電腦經由它傳送資料；其中 {at_risk} 部仍有回應：有風險，但未失聯")
        case .flapped:
            Phrase(
                "lost and back {count} times between {first} and {last}; {errors} of these absences were errors",
                "{first} 至 {last} 之間失聯後恢復 {count} 次；其中 {errors} 次失聯曾列為錯誤")
        case .sighted:
            Phrase(
                "{host} at {address}, boot id {boot}, machine id {machine}: registered {count} times in place of the other, last "
                    + "at {at}", "{host} 位於 {address}，開機識別碼 {boot}，電腦識別碼 {machine}：取代另一部而註冊 {count} 次，最近一次於 {at}")
        case .machineChanged: Phrase("{what}: {old} → {new}, registered at {at}", "{what}：{old} → {new}，註冊於 {at}")
        case .sameHardware:
            Phrase(
                "{other_host}, registered at {at}, and {host} ({address}), last heard at {seen}, both name hardware {hardware}; "
                    + "network cards in common: {count}",
                "{other_host}（於 {at} 註冊）與 {host}（{address}，最後於 {seen} 有訊息）的硬體識別碼同為 {hardware}；共同的網路卡：{count}")
        case .stalled: Phrase("{which} stood still for {lost}, from {from} on", "{which}自 {from} 起停頓 {lost}")
        case .clockStepped:
            Phrase(
                "the clock was set {direction} by {step}, from {before} to {at}",
                "時鐘由 {before} {direction} {step}，成為 {at}")
        case .selfInOrder:
            Phrase(
                "the server looked at itself first: for {span} its loops turned in time, and its clock was not set",
                "伺服器先檢查自己：{span} 內所有迴圈準時運轉，時鐘也未被調整")
        case .selfStalled:
            Phrase(
                "the server looked at itself first: {which} stood still for {lost} until {at}; so much was added to everybody's time",
                "伺服器先檢查自己：{which}曾停頓 {lost}，至 {at} 為止；所有期限已順延")
        case .selfClock:
            Phrase(
                "the server looked at itself first: its clock was set {direction} by {step} at {at}; silence is counted by another one",
                "伺服器先檢查自己：其時鐘於 {at} {direction} {step}；沉默的時間以另一個時鐘計算")
        case .selfLagged:
            Phrase(
                "the server looked at itself first: of {span} until {at} {which} lost {lost} ({percent} %) to load; nobody is judged by what it had not read",
                "伺服器先檢查自己：至 {at} 為止的 {span} 內，{which}因負載損失 {lost}（{percent} %）；尚未讀取的訊息不會使任何機器遭到判定")
        case .lagged:
            Phrase(
                "of {span} until {at} {which} lost {lost} ({percent} %): its timers came that much late",
                "至 {at} 為止的 {span} 內，{which}損失 {lost}（{percent} %）：計時器因此延遲")
        case .serverCertificate:
            Phrase(
                "its certificate is valid until {until}, {days} days from {at}", "其憑證的有效期限為 {until}，距 {at} 還有 {days} 天")
        case .otherServer:
            Phrase(
                "{host} says at {at}: the server it registered at before was start {start} of registry {registry} on {other_host}, "
                    + "run {run}; this one is start {own_start} of registry {own_registry}, run {own_run}",
                "{host} 於 {at} 表示：先前註冊的伺服器位於 {other_host}，為註冊資料庫 {registry} 的第 {start} 次啟動，執行代號 {run}；"
                    + "此伺服器為 {own_registry} 的第 {own_start} 次啟動，執行代號 {own_run}")
        case .freeText: Phrase("{text}", "{text}")
        case .clearedHow: Phrase("{how} at {at}", "於 {at} {how}")
        case .clearedServiceRuns: Phrase("{service} runs again since {at}", "{service} 自 {at} 起恢復執行")
        case .clearedNotWatched: Phrase("no longer watched", "已不再監看")
        case .clearedNotKnown:
            Phrase("no longer known: the node does not answer", "無法得知：該電腦沒有回應")
        case .clearedGoodbye: Phrase("it said goodbye: {reason}", "它已道別：{reason}")
        case .clearedStore: Phrase("the registry can be written again", "註冊資料庫已可再次寫入")
        case .clearedRestart: Phrase("the server was restarted", "伺服器已重新啟動")
        case .clearedStall:
            Phrase(
                "the fleet had time to be heard again after {lost} were lost", "停頓 {lost} 之後，機群已有時間恢復訊息")
        case .clearedLoad: Phrase("its loops have turned in time again until {at}", "至 {at} 為止，其迴圈已恢復準時運轉")
        case .clearedClockStep: Phrase("times have been shown by the new clock until {at}", "至 {at} 為止已改依新的時鐘顯示時間")
        case .clearedGotIn: Phrase("it got in at {at}", "它已於 {at} 成功連入")
        case .clearedStoppedTrying: Phrase("it has not tried again since {at}", "自 {at} 起未再嘗試")
        case .clearedFolded: Phrase("told as one with others: error {id}", "已併入同一原因的錯誤 {id}")
        case .clearedAllBack: Phrase("the last of them is back since {at}", "最後一部已於 {at} 恢復")
        case .clearedToldApart:
            Phrase(
                "the others are back; those still missing at {at} are told one by one", "其他電腦已恢復；於 {at} 仍缺席者改為個別列出")
        case .clearedHeardComponent: Phrase("{component} was heard at {at}", "{component} 於 {at} 有訊息")
        case .clearedClock: Phrase("its clock is right again at {at}: {skew} off", "其時鐘於 {at} 已恢復正常：相差 {skew}")
        case .clearedVersion: Phrase("it runs version {version} now", "現在的版本為 {version}")
        case .clearedCancelled: Phrase("failover was cancelled", "容錯移轉已取消")
        case .clearedDataPath: Phrase("the process server answers it again since {at}", "自 {at} 起處理序伺服器已恢復回應")
        case .clearedSteady:
            Phrase("it has stayed as it is since {at}, for longer than {quiet}", "自 {at} 起狀態未再改變，已超過 {quiet}")
        case .clearedOneUser: Phrase("nobody else has used this identity since {at}", "自 {at} 起沒有其他電腦使用此身分")
        case .clearedServerCertificate:
            Phrase("a new certificate is in use, valid until {until}", "已使用新的憑證，有效期限為 {until}")
        case .clearedOneServer: Phrase("no agent has been at another server since {at}", "自 {at} 起沒有代理程式連過另一部伺服器")
        case .clearedDecided: Phrase("an operator decided it at {at}", "管理者已於 {at} 決定")
        case .clearedOneHardware:
            Phrase("nobody else names this hardware any more, seen at {at}", "於 {at} 已沒有其他電腦使用此硬體識別碼")
        case .clearedTold: Phrase("told for a day, since {at}", "自 {at} 起已告知一天")
        }
    }
}
