public import ArgumentParser
import RollcallProtocol

/// `@Option var heartbeatInterval: Duration = .seconds(30)` reads `--heartbeat-interval 500ms`.
extension Duration: @retroactive ExpressibleByArgument {
    /// The duration written as `500ms`, `30s`, `15m`, `2h` or `7d`.
    public init?(argument: String) {
        self.init(text: argument)
    }

    /// How help shows it.
    public var defaultValueDescription: String { text }
}
