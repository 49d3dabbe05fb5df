public import ArgumentParser
import Foundation
public import Logging

/// Options that commands with a log share. A command takes them with `@OptionGroup var global: GlobalOptions`.
struct GlobalOptions: ParsableArguments {
    /// The release this executable was built from.
    static let version = "0.1.0"

    @Option(
        name: .long,
        help: "How much to log: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")). (default: info)")
    var logLevel: Logger.Level?

    /// Sends the process's log to standard error at the level that the flag, then `ROLLCALL_LOG_LEVEL`, then
    /// `fileLevel` (what a settings file says), then the default asks for. Call it once, before the first logger is
    /// made.
    /// - Throws: `ValidationError` if the variable holds no level.
    func startLogging(fileLevel: Logger.Level? = nil) throws {
        let level = try logLevel ?? Self.variable("LOG_LEVEL", as: Logger.Level.self) ?? fileLevel ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }

    /// The setting from the environment: `name` is what follows `ROLLCALL_`. An empty variable counts as none.
    static func variable(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment["ROLLCALL_\(name)"], !value.isEmpty else { return nil }
        return value
    }

    /// The setting from the environment, read as a flag of the same kind would be.
    /// - Throws: `ValidationError` that names the variable if its value is not of that kind.
    static func variable<Value: ExpressibleByArgument>(_ name: String, as kind: Value.Type) throws -> Value? {
        guard let text = variable(name) else { return nil }
        guard let value = Value(argument: text) else {
            let allowed = Value.allValueStrings
            throw ValidationError(
                "ROLLCALL_\(name) is '\(text)', which it cannot be."
                    + (allowed.isEmpty ? "" : " Use one of: \(allowed.joined(separator: ", "))."))
        }
        return value
    }
}

/// Where a configuration server keeps everything. A command takes it with `@OptionGroup var place:
/// DataDirectoryOption`.
struct DataDirectoryOption: ParsableArguments {
    /// Where the systemd unit keeps it.
    static let defaultPath = "/var/lib/rollcall"

    @Option(name: .long, help: "The server's data directory. (default: $ROLLCALL_DATA, then \(Self.defaultPath))")
    var data: String?

    /// The directory that the flag, then `ROLLCALL_DATA`, then the default names.
    var path: String { data ?? GlobalOptions.variable("DATA") ?? Self.defaultPath }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
