import AgentClient
import ArgumentParser
import Dashboard
import ErrorCatalogue
import Foundation
import RollcallProtocol

/// Which server to ask, and how to print its answer: what every reading command takes.
struct OperatorOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask the server whose data directory this is, over the socket in it. (default: $ROLLCALL_DATA, then "
                + "\(DataDirectoryOption.defaultPath))", valueName: "dir"))
    var data: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask over this local socket. (default: $ROLLCALL_SOCKET, then rollcall.sock in --data)", valueName: "path"))
    var socket: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask a server elsewhere, over TLS. (default: $ROLLCALL_SERVER)", valueName: "host[:port]"))
    var server: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --server: the directory with your operator certificate, as 'rollcall pki operator' makes it. (default: "
                + "$ROLLCALL_IDENTITY)", valueName: "dir"))
    var identity: String?

    @Option(
        name: [.customLong("lang"), .customLong("language")],
        help: "The language of errors. (default: from LC_ALL, LC_MESSAGES or LANG, then en)")
    var language: Language?

    @Flag(
        name: .long, help: "Print JSON: fields keep their names, times are RFC 3339 in UTC, what is not known is null.")
    var json = false

    func validate() throws {
        _ = try place(in: ProcessInfo.processInfo.environment)
    }

    /// The server that flags, then variables, then the default name.
    /// - Throws: `ValidationError` if they contradict each other, or do not name an identity where one is needed.
    func place(in environment: [String: String]) throws -> ServerPlace {
        func variable(_ name: String) -> String? { environment["ROLLCALL_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
        let named = [data.map { _ in "--data" }, socket.map { _ in "--socket" }, server.map { _ in "--server" }]
            .compactMap { $0 }
        if named.count > 1 {
            throw ValidationError("\(named.joined(separator: " and ")) name different servers: leave all but one out.")
        }
        if let socket { return .local(path: socket) }
        if server == nil, let data { return .local(path: ServerPlace.socket(inData: data)) }
        if server == nil, let socket = variable("SOCKET") { return .local(path: socket) }
        if let server = server ?? variable("SERVER") {
            let source = self.server == nil ? "ROLLCALL_SERVER" : "--server"
            guard let identity = identity ?? variable("IDENTITY") else {
                throw ValidationError(
                    "\(source) needs --identity DIR (or ROLLCALL_IDENTITY): your operator certificate, made at the server "
                        + "with 'rollcall pki operator'.")
            }
            return .remote(server: server, identity: identity)
        }
        return .local(path: ServerPlace.socket(inData: variable("DATA") ?? DataDirectoryOption.defaultPath))
    }

    /// The server, not dialled yet. An answer may take `limit`.
    /// - Throws: `CommandFailure` with `status`, if the identity cannot be used.
    func query(status: ExitCode = ExitStatus.failure, limit: Duration = .seconds(20)) throws -> ServerConnection {
        do {
            return try ServerConnection(to: place(in: ProcessInfo.processInfo.environment), limit: limit)
        } catch let error as ClientError {
            if case .badServerName = error { throw CommandFailure("\(error)", status: ExitStatus.usage) }
            throw CommandFailure("\(error)", status: status)
        }
    }
}

/// Where a server is asked.
enum ServerPlace: Equatable {
    /// Over the operators' socket.
    case local(path: String)
    /// Over TLS, with the certificate in a directory.
    case remote(server: String, identity: String)

    /// The operators' socket of a data directory.
    static func socket(inData directory: String) -> String {
        directory.hasSuffix("/") ? "\(directory)rollcall.sock" : "\(directory)/rollcall.sock"
    }
}

extension ServerPlace: CustomStringConvertible {
    var description: String {
        switch self {
        case .local(let path): path
        case .remote(let server, _): server
        }
    }
}
