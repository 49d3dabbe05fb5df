internal import ErrorCatalogue

extension Duration {
    /// As people say it, rounded down: "350 ms", "45 s", "14 min", "3 h 20 min", "6 days".
    package var inWords: String {
        let milliseconds = inMilliseconds
        guard milliseconds >= 1_000 else { return "\(max(0, milliseconds)) ms" }
        let seconds = milliseconds / 1_000
        if seconds < 120 { return milliseconds % 1_000 == 0 || seconds >= 10 ? "\(seconds) s" : tenths(milliseconds) }
        if seconds < 3_600 { return "\(seconds / 60) min" }
        if seconds < 48 * 3_600 {
            let minutes = seconds % 3_600 / 60
            return minutes == 0 ? "\(seconds / 3_600) h" : "\(seconds / 3_600) h \(minutes) min"
        }
        return "\(seconds / 86_400) days"
    }

    private func tenths(_ milliseconds: Int64) -> String {
        "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}

extension Duration {
    /// The same in a language.
    func inWords(_ language: Language) -> String {
        guard language == .traditionalChinese else { return inWords }
        let seconds = inMilliseconds / 1_000
        if seconds < 1 { return "\(max(0, inMilliseconds)) 毫秒" }
        if seconds < 120 { return "\(seconds) 秒" }
        if seconds < 3_600 { return "\(seconds / 60) 分鐘" }
        if seconds < 48 * 3_600 {
            let minutes = seconds % 3_600 / 60
            return minutes == 0 ? "\(seconds / 3_600) 小時" : "\(seconds / 3_600) 小時 \(minutes) 分鐘"
        }
        return "\(seconds / 86_400) 天"
    }
}

extension Instant {
    /// Time of day: "14:02:11 UTC". The day is told by whoever shows the finding, from its own times.
    package var clockTime: String {
        let second = (unixMilliseconds / 1_000 % 86_400 + 86_400) % 86_400
        return "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60)) UTC"
    }

    private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension ServiceState {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .unknown: "unknown"
        case .running: "running"
        case .stopped: "stopped"
        case .starting: "starting"
        case .stopping: "stopping"
        case .notInstalled: "not installed"
        }
    }
}

extension StartType {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .unknown: "unknown"
        case .automatic: "automatic"
        case .automaticDelayed: "automatic (delayed)"
        case .manual: "manual"
        case .disabled: "disabled"
        }
    }
}
