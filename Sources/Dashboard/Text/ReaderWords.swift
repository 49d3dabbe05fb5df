internal import ErrorCatalogue
internal import RollcallProtocol

/// The protocol's words as a reader sees them. In JSON they stay as they are: those are promises.
extension Canvas {
    func word(_ health: WireHealth) -> String {
        term(.init(rawValue: health.word), health.word)
    }

    func word(_ severity: WireSeverity) -> String {
        term(.init(rawValue: severity.word), severity.word)
    }

    func word(_ reachability: WireReachability) -> String {
        term(.init(rawValue: reachability.word), reachability.word)
    }

    func word(_ role: WireRole) -> String {
        switch role {
        case .mobilityAgent: label("mobility agent", Term.mobilityAgent.name(in: .traditionalChinese))
        case .processServer: label("process server", Term.processServer.name(in: .traditionalChinese))
        case .masterTarget: label("master target", Term.masterTarget.name(in: .traditionalChinese))
        case .unspecified, .UNRECOGNIZED: unknown
        }
    }

    func word(_ component: WireComponent) -> String {
        switch component {
        case .mobilityAgent: label("mobility agent", Term.mobilityAgent.name(in: .traditionalChinese))
        case .scoutApplicationService: label("scout application service", "Scout 應用程式服務")
        case .processServer: label("process server", Term.processServer.name(in: .traditionalChinese))
        case .unspecified, .UNRECOGNIZED: unknown
        }
    }

    func word(_ state: WireServiceState) -> String {
        switch state {
        case .running: label("running", "執行中")
        case .stopped: label("stopped", "已停止")
        case .starting: label("starting", "啟動中")
        case .stopping: label("stopping", "停止中")
        case .notInstalled: label("not installed", "未安裝")
        case .unspecified, .UNRECOGNIZED: unknown
        }
    }

    func word(_ type: WireStartType) -> String {
        switch type {
        case .automatic: label("automatic", "自動")
        case .automaticDelayed: label("automatic delayed", "自動（延遲）")
        case .manual: label("manual", "手動")
        case .disabled: label("disabled", "停用")
        case .unspecified, .UNRECOGNIZED: unknown
        }
    }

    /// A role as `status` counts it, by its word in the protocol.
    func role(named name: String) -> String {
        let role: [WireRole] = [.mobilityAgent, .processServer, .masterTarget]
        return role.first { $0.word?.spaced == name.spaced }.map(word) ?? name.spaced
    }

    var unknown: String { term(.unknown, "unknown") }

    private func term(_ term: Term?, _ english: String) -> String {
        language == .english ? english : term?.name(in: language) ?? english
    }
}
