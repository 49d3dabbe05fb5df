import EventLoop
import Foundation
import RollcallProtocol
import TestServer
import TestSupport
import Testing

@testable import AgentClient

@Suite("The operators' client")
struct OperatorClientTests {
    private func ping(_ text: String) -> WireRequest { .with { $0.ping.payload = Data(text.utf8) } }

    @Test func `asks and gets an answer, again and again on one connection`() throws {
        let server = try TestServer { request, _ in
            [
                .with {
                    $0.id = request.id
                    $0.ping.payload = request.ping.payload
                }
            ]
        }
        let client = try OperatorClient(endpoint: try server.endpoint())
        for text in ["a", "b", "c"] {
            #expect(try client.call(ping(text)).ping.payload == Data(text.utf8))
        }
        #expect(server.accepted == 1)
    }

    @Test func `a refusal is an error with the server's words`() throws {
        let server = try TestServer()
        let client = try OperatorClient(endpoint: try server.endpoint())
        let error = #expect(throws: ClientError.self) { try client.call(.with { $0.getStatus = .init() }) }
        #expect(error == .refused(.unimplemented, message: "no such method"))
        #expect(try client.call(ping("x")).ping.fleet == "test", "the connection is still good")
    }

    @Test func `a stream goes on until the server has no more, or the caller had enough`() throws {
        let server = try TestServer { request, _ in
            (1...5).map { number in
                .with {
                    $0.id = request.id
                    $0.more = number < 5
                    $0.watchErrors.error.id = UInt64(number)
                }
            }
        }
        let client = try OperatorClient(endpoint: try server.endpoint())
        var seen: [UInt64] = []
        try client.stream(.with { $0.watchErrors = .init() }) {
            seen.append($0.watchErrors.error.id)
            return true
        }
        #expect(seen == [1, 2, 3, 4, 5])
        try client.stream(.with { $0.watchErrors = .init() }) {
            seen.append($0.watchErrors.error.id)
            return seen.count < 7
        }
        #expect(seen == [1, 2, 3, 4, 5, 1, 2])
        #expect(try client.call(.with { $0.watchErrors = .init() }).watchErrors.error.id == 1)
    }

    @Test func `no answer in time, and a connection that ends`() throws {
        let silent = try TestServer { _, _ in [] }
        let client = try OperatorClient(endpoint: try silent.endpoint(), limit: .milliseconds(300))
        #expect(throws: ClientError.noAnswer(within: .milliseconds(300))) { try client.call(ping("x")) }
        let leaving = try TestServer { request, _ in
            [
                .with {
                    $0.status = StatusCode.resourceExhausted.rawValue; $0.message = "too many operators"
                }
            ]
        }
        let other = try OperatorClient(endpoint: try leaving.endpoint())
        #expect(throws: ClientError.refused(.resourceExhausted, message: "too many operators")) {
            try other.call(ping("x"))
        }
    }

    @Test func `no server has the local socket`() throws {
        let directory = try TestDirectory()
        let client = try OperatorClient(endpoint: .local(path: directory.path("rollcall.sock")))
        let error = #expect(throws: ClientError.self) { try client.call(ping("x")) }
        #expect(error == .noLocalServer(path: directory.path("rollcall.sock")))
        #expect(error?.description.contains("is it running?") == true)
    }

    @Test func `an identity that is missing names the file`() throws {
        let directory = try TestDirectory()
        let error = #expect(throws: ClientError.self) {
            try ClientCredentials(identityDirectory: directory.url.path)
        }
        #expect(error?.description.hasPrefix("\(directory.path("identity.pem")): there is no such file") == true)
        try directory.write("identity.pem", "x")
        try directory.write("identity.key", "x")
        try directory.write("ca.pem", "x")
        #expect(throws: ClientError.self) { try ClientCredentials(identityDirectory: directory.url.path) }
    }

    @Test(arguments: [
        ("rollcall.example.net", "rollcall.example.net", 443), ("10.0.0.1:8443", "10.0.0.1", 8443),
        ("[2001:db8::1]:8443", "2001:db8::1", 8443), ("[::1]", "::1", 443), ("2001:db8::1", "2001:db8::1", 443),
    ])
    func `servers as people type them`(_ text: String, _ host: String, _ port: Int) throws {
        let name = try ServerName(parsing: text)
        #expect(name.host == host && Int(name.port) == port)
    }

    @Test(arguments: ["", ":443", "host:0", "host:x", "host:70000", "a b", "https://host"])
    func `what is no server`(_ text: String) {
        #expect(throws: ClientError.self) { try ServerName(parsing: text) }
    }
}
