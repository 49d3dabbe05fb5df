public import ErrorCatalogue

/// Terms that texts are filled with, in both languages. A name, once sent, is never changed.
public enum Vocabulary {
    /// By name. `{}` stands open for a detail.
    public static let terms: [String: Phrase] = [
        "state.unknown": Phrase("unknown", "不明"),
        "state.running": Phrase("running", "執行中"),
        "state.stopped": Phrase("stopped", "已停止"),
        "state.starting": Phrase("starting", "啟動中"),
        "state.stopping": Phrase("stopping", "停止中"),
        "state.not-installed": Phrase("not installed", "未安裝"),
        "start.unknown": Phrase("unknown", "不明"),
        "start.automatic": Phrase("automatic", "自動"),
        "start.automatic-delayed": Phrase("automatic (delayed)", "自動（延遲開始）"),
        "start.manual": Phrase("manual", "手動"),
        "start.disabled": Phrase("disabled", "已停用"),
        "role.mobility-agent": Phrase("mobility agent", "行動代理程式"),
        "role.process-server": Phrase("process server", "處理序伺服器"),
        "role.master-target": Phrase("master target", "主要目標伺服器"),
        "component.mobility-agent": Phrase("mobility agent (svagents)", "行動代理程式 (svagents)"),
        "component.scout": Phrase("InMage Scout Application Service", "InMage Scout Application Service"),
        "component.process-server": Phrase("process server (tmansvc)", "處理序伺服器 (tmansvc)"),
        "loss.none": Phrase("lost", "中斷"),
        "loss.reset": Phrase("reset by its machine", "由該電腦重設"),
        "loss.closed": Phrase("closed by its machine without a goodbye", "由該電腦未經道別即關閉"),
        "loss.timed-out": Phrase(
            "given up: nothing came for too long", "被放棄：太久沒有收到任何訊息"),
        "loss.protocol": Phrase(
            "closed by the server for a protocol error: {}", "由伺服器關閉，原因是通訊協定錯誤：{}"),
        "loss.server": Phrase("closed by the server: {}", "由伺服器關閉：{}"),
        "loss.drained": Phrase("closed by the server, which was about to stop", "由即將停止的伺服器關閉"),
        "goodbye.unspecified": Phrase("no reason given", "未說明原因"),
        "goodbye.shutdown": Phrase("the machine shuts down", "電腦關機"),
        "goodbye.reboot": Phrase("the machine restarts", "電腦重新啟動"),
        "goodbye.service-stop": Phrase("the agent was stopped", "代理程式已停止"),
        "goodbye.upgrade": Phrase("the agent is being upgraded", "代理程式正在升級"),
        "goodbye.decommission": Phrase("the node was taken out of service", "電腦已除役"),
        "factor.site": Phrase("of site {}", "屬於站台 {}"),
        "factor.process-server": Phrase("that send through process server {}", "經由處理序伺服器 {} 傳送資料"),
        "factor.server-address": Phrase("that arrived on the server's address {}", "連到伺服器位址 {}"),
        "factor.nat-address": Phrase("that come from the shared address {}", "來自共用位址 {}"),
        "factor.agent-version": Phrase("with agent version {}", "使用代理程式版本 {}"),
        "factor.certificate-issuer": Phrase("with certificates issued by {}", "使用由 {} 核發之憑證"),
        "factor.fleet": Phrase("of the whole fleet", "屬於整個機群"),
        "loop.control": Phrase("its control loop", "其控制迴圈"),
        "loop.sessions": Phrase("its loop {}", "其迴圈 {} "),
        "loop.machine": Phrase("its machine", "其主機"),
        "step.forward": Phrase("forward", "往前調整"),
        "step.back": Phrase("back", "往後調整"),
        "skew.ahead": Phrase("ahead of", "快"),
        "skew.behind": Phrase("behind", "慢"),
        "fact.machine-id": Phrase("machine id", "電腦識別碼"),
        "fact.hardware": Phrase("hardware", "硬體"),
        "fact.key": Phrase("key", "金鑰"),
        "fact.hostname": Phrase("host name", "主機名稱"),
        "fact.addresses": Phrase("addresses", "位址"),
        "unknown": Phrase("unknown", "不明"),
        "unknown-machine": Phrase("an unknown machine", "一部未知的電腦"),
        "unknown-address": Phrase("address unknown", "位址不明"),
        "nobody": Phrase("nobody", "無"),
    ]
}

extension ServiceState {
    /// As a word of a text.
    var word: Word {
        switch self {
        case .unknown: .term("state.unknown")
        case .running: .term("state.running")
        case .stopped: .term("state.stopped")
        case .starting: .term("state.starting")
        case .stopping: .term("state.stopping")
        case .notInstalled: .term("state.not-installed")
        }
    }
}

extension StartType {
    /// As a word of a text.
    var word: Word {
        switch self {
        case .unknown: .term("start.unknown")
        case .automatic: .term("start.automatic")
        case .automaticDelayed: .term("start.automatic-delayed")
        case .manual: .term("start.manual")
        case .disabled: .term("start.disabled")
        }
    }
}

extension Role {
    /// As a word of a text.
    var word: Word {
        switch self {
        case .mobilityAgent: .term("role.mobility-agent")
        case .processServer: .term("role.process-server")
        case .masterTarget: .term("role.master-target")
        }
    }
}

extension ComponentKind {
    /// As a word of a text.
    var word: Word {
        switch self {
        case .mobilityAgent: .term("component.mobility-agent")
        case .scoutApplicationService: .term("component.scout")
        case .processServer: .term("component.process-server")
        }
    }
}

extension LeaveReason {
    /// As a word of a text.
    var word: Word {
        switch self {
        case .unspecified: .term("goodbye.unspecified")
        case .shutdown: .term("goodbye.shutdown")
        case .reboot: .term("goodbye.reboot")
        case .serviceStop: .term("goodbye.service-stop")
        case .upgrade: .term("goodbye.upgrade")
        case .decommission: .term("goodbye.decommission")
        }
    }
}

extension ConnectionLoss {
    /// Completes "its connection was": "reset by its machine".
    var word: Word {
        switch self {
        case .reset: .term("loss.reset")
        case .closedWithoutGoodbye: .term("loss.closed")
        case .timedOut: .term("loss.timed-out")
        case .protocolError(let what): .term("loss.protocol", what)
        case .closedByServer(let why): .term("loss.server", why)
        case .serverDrained: .term("loss.drained")
        }
    }
}
