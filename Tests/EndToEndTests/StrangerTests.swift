import Foundation
import RollcallProtocol
import SecureTransport
import Testing

extension EndToEnd {
    @Suite("Strangers at the port")
    struct StrangerTests {
        @Test("A browser and a person with telnet get an honest answer")
        func plainText() async throws {
            let live = try await LiveFleet.shared.value
            let browser = try RawSocket(port: live.server.port)
            browser.write(Array("GET / HTTP/1.1\r\nHost: cs\r\n\r\n".utf8))
            let page = String(decoding: browser.readAll(), as: UTF8.self)
            #expect(page.hasPrefix("HTTP/1.1 400 "))
            #expect(page.contains("configuration server") && page.contains("TLS"))
            let person = try RawSocket(port: live.server.port)
            person.write(Array("hello?\r\n".utf8))
            #expect(String(decoding: person.readAll(), as: UTF8.self).contains("configuration server"))

            let curl = try WireClient(
                port: live.server.port, context: try live.fleet.context(offering: []), identity: nil)
            #expect(curl.facts != nil)
            curl.send(Array("GET / HTTP/1.1\r\nHost: cs\r\n\r\n".utf8))
            #expect(curl.waitForEnd() != nil)
            let overTLS = String(decoding: curl.bytes, as: UTF8.self)
            #expect(overTLS.hasPrefix("HTTP/1.1 400 ") && overTLS.contains("TLS works"))
            try await live.checkBystander()
        }

        @Test("A client of TLS 1.1 is told that its version is too old, and junk is turned away")
        func oldClient() async throws {
            let live = try await LiveFleet.shared.value
            let client = try RawSocket(port: live.server.port)
            client.write(Self.helloOfTLS11)
            let answer = client.readAll()
            // A record of kind alert: fatal, protocol_version.
            #expect(answer.first == 21 && answer.suffix(2) == [2, 70], "\(answer)")
            try await eventually("a trace at the server", logs: [live.server.child]) {
                live.server.child.log.contains("a connection came to nothing")
            }
            for junk in [[0x16, 3, 1, 0xFF, 0xFF], [0x80, 0x2E, 1, 3, 1], [0x16, 3, 1, 0, 4, 1, 0, 0, 0], [0]]
                as [[UInt8]]
            {
                let socket = try RawSocket(port: live.server.port)
                socket.write(junk + [UInt8](repeating: 0x41, count: 5000))
                socket.endOutput()
                _ = socket.readAll()
            }
            try await live.checkBystander()
        }

        private static let helloOfTLS11: [UInt8] = {
            let suites: [UInt8] = [0, 6, 0xC0, 0x09, 0xC0, 0x0A, 0x00, 0x2F]
            let body: [UInt8] = [3, 2] + [UInt8](repeating: 9, count: 32) + [0] + suites + [1, 0]
            let hello: [UInt8] = [1, 0, 0, UInt8(body.count)] + body
            return [0x16, 3, 1, 0, UInt8(hello.count)] + hello
        }()

        @Test("Handshake, first message and idle time are limited")
        func timeLimits() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(
                fleet, interval: "200ms",
                ["--handshake-timeout", "300ms", "--first-message-timeout", "300ms", "--idle-timeout", "1500ms"])
            let silent = try RawSocket(port: server.port)
            let halfway = try RawSocket(port: server.port)
            halfway.write(Array(Self.helloOfTLS11.prefix(20)))
            let mute = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(mute.facts != nil)
            let idle = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try idle.call(.register("idle")).status == 0)

            #expect(silent.readAll().isEmpty)
            #expect(halfway.readAll().isEmpty)
            #expect(mute.waitForEnd() != nil)
            #expect(idle.end == nil)
            #expect(idle.waitForEnd() == .reset)
            let log = server.child.log
            #expect(log.contains("no TLS handshake within 300ms"), "\(log)")
            #expect(log.contains("no request came within 300ms"), "\(log)")
            #expect(log.contains("nothing heard for 1500ms") || log.contains("nothing heard for 1.5s"), "\(log)")
        }

        @Test("A reader that does not read is closed at the limit, and holds up nobody")
        func slowReader() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(
                fleet, interval: "30s", ["--pending-output-limit", "64KiB"])
            let neighbour = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try neighbour.call(.register("neighbour")).status == 0)

            // On the local socket, where the kernel's buffers are small …
            let local = try RawSocket(path: fleet.data + "/rollcall.sock")
            let question = FrameEncoder.frame(
                WireRequest.with {
                    $0.id = 1
                    $0.listNodes = .init()
                })
            let burst = (0..<100).flatMap { _ in question }
            var bursts = 0
            while bursts < 1000, local.write(burst) { bursts += 1 }
            #expect(bursts < 1000, "the server reads on and on")

            // … and over TLS.
            let relay = try Relay(to: server.port, smallBuffer: true)
            let greedy = try WireClient(
                port: relay.port, context: try fleet.context(), identity: try fleet.nodeIdentity())
            #expect(try greedy.call(.register("greedy")).status == 0)
            relay.stopReading()
            // The kernel's buffers hold some megabytes of answers before the server has to keep any.
            let pings = (0..<1000).flatMap { _ in greedy.frame(.ping(String(repeating: "x", count: 64))) }
            for _ in 0..<400 where !server.child.log.contains("reads too slowly") {
                greedy.send(pings)
                _ = greedy.wait(within: .milliseconds(50)) { false }
            }
            #expect(server.child.log.contains("reads too slowly"), "\(server.child.tail)")
            relay.end()
            #expect(try neighbour.call(.heartbeat(1)).status == 0)
            #expect(server.child.isRunning)
        }
    }
}
