import AgentClient
import ArgumentParser
import Dashboard
import RollcallProtocol

/// A server as the views' questions want it.
final class ServerConnection: OperatorQuery {
    /// Where it is.
    let place: ServerPlace
    private let client: OperatorClient

    /// A server that is dialled at the first question. Dialling, and each answer, may take `limit`.
    /// - Throws: `ClientError` if the name is none, or the identity cannot be used.
    init(to place: ServerPlace, limit: Duration) throws {
        self.place = place
        switch place {
        case .local(let path):
            client = try OperatorClient(endpoint: .local(path: path), limit: limit)
        case .remote(let server, let identity):
            let name = try ServerName(parsing: server)
            client = try OperatorClient(
                endpoint: .tls(name, ClientCredentials(identityDirectory: identity)), limit: limit)
        }
    }

    func call(_ method: WireRequest.OneOf_Method) throws(OperatorFailure) -> WireResponse.OneOf_Result {
        do throws(ClientError) {
            let response = try client.call(.with { $0.method = method })
            guard let result = response.result else { throw .unexpectedAnswer("it is empty") }
            return result
        } catch {
            throw Self.failure(error)
        }
    }

    func stream(
        _ method: WireRequest.OneOf_Method, onEach: (WireResponse.OneOf_Result) -> Bool
    ) throws(OperatorFailure) {
        do throws(ClientError) {
            try client.stream(.with { $0.method = method }) { response in response.result.map(onEach) ?? true }
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: ClientError) -> OperatorFailure {
        if case .refused(let code, let message) = error { return .refused(code, message: message) }
        return .lost("\(error)")
    }
}

/// Runs the questions of a command, and turns why there is no answer into the command's last line.
func asking<Answer>(
    status: ExitCode = ExitStatus.failure, _ question: () throws -> Answer
) throws -> Answer {
    do {
        return try question()
    } catch let failure as OperatorFailure {
        throw CommandFailure("\(failure)", status: status)
    }
}
