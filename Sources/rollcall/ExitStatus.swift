import ArgumentParser
import Foundation

/// What the process ends with. `status` follows the convention of Nagios plug-ins, so that a monitoring system can
/// run it as it is; `probe` uses the first three.
enum ExitStatus {
    /// All is well.
    static let healthy = ExitCode(0)
    /// Something deserves a look; for `probe`, slow or doubtful.
    static let warning = ExitCode(1)
    /// Something is broken.
    static let critical = ExitCode(2)
    /// The question could not be asked, or its answer is not known.
    static let unknown = ExitCode(3)
    /// A command that does not judge a fleet's health could not do what was asked.
    static let failure = ExitCode(1)
    /// What was typed makes no sense (`EX_USAGE` of sysexits.h).
    static let usage = ExitCode(64)

    /// Prints what `error` says and ends the process with its status: help and version on standard output, all else
    /// as one line on standard error.
    static func leave(because error: any Error) -> Never {
        let code = code(for: error)
        if code == healthy { Rollcall.exit(withError: error) }
        let line = line(for: error)
        if !line.isEmpty { FileHandle.standardError.write(Data("rollcall: \(line)\n".utf8)) }
        Foundation.exit(code.rawValue)
    }

    /// The status that goes with `error`.
    static func code(for error: any Error) -> ExitCode {
        if let failure = error as? CommandFailure { return failure.status }
        let code = Rollcall.exitCode(for: error)
        return code == .validationFailure ? usage : code
    }

    /// What a person reads about `error`, in one line; empty where the command has said everything itself.
    static func line(for error: any Error) -> String {
        if let failure = error as? CommandFailure { return failure.description }
        let message = oneLine(Rollcall.message(for: error))
        guard code(for: error) == usage else { return message }
        let ended = message.hasSuffix(".") ? message : message + "."
        return oneLine("\(ended)\n\(howToGetHelp(Rollcall.fullMessage(for: error)))")
    }

    /// The parser's own sentence that names the command to ask for help.
    private static func howToGetHelp(_ fullMessage: String) -> String {
        fullMessage
            .split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.hasPrefix("See '") } ?? ""
    }

    private static func oneLine(_ text: String) -> String {
        text
            .split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}

/// Why a command could not do what was asked, in one line that names the thing, the fact and the next step.
struct CommandFailure: Error, CustomStringConvertible {
    /// The line, without the program's name in front.
    let description: String
    /// What the process ends with.
    let status: ExitCode

    /// A failure that reads `description` and ends the process with `status`.
    init(_ description: String, status: ExitCode = ExitStatus.failure) {
        self.description = description
        self.status = status
    }
}
