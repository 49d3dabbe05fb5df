import EventLoop
import Foundation
import RollcallProtocol
import TestServer
import TestSupport
import Testing

@testable import AgentClient

@Suite("The service watcher")
struct ServiceWatcherTests {
    @Test func `sees a port open and closed, and a pid file come and go, without being asked`() async throws {
        let directory = try TestDirectory()
        let thread = try EventLoopThread()
        let loop = thread.loop
        var server: TestServer? = try TestServer()
        let port = server?.port ?? 0
        let states = Locked<[String: WireServiceState]>([:])
        let isLookedAt = Locked(false)
        let watcher = onLoop(loop) {
            let watcher = ServiceWatcher(
                [
                    .init(name: "port", method: .tcp(host: "127.0.0.1", port: port)),
                    .init(name: "file", method: .pidFile(path: directory.path("a.pid"))),
                ], every: .milliseconds(20), on: loop
            ) { reports in
                var now = states.value
                for report in reports { now[report.name] = report.state }
                states.set(now)
            }
            watcher.start { isLookedAt.set(true) }
            return LoopBound(watcher, of: loop)
        }
        #expect(await eventually { isLookedAt.value })
        #expect(states.value == ["port": .running, "file": .stopped])
        try directory.write("a.pid", "\(ProcessInfo.processInfo.processIdentifier)")
        server = nil
        #expect(await eventually { states.value == ["port": .stopped, "file": .running] })
        try FileManager.default.removeItem(atPath: directory.path("a.pid"))
        #expect(await eventually { states.value["file"] == .stopped })
        loop.post { watcher.value.stop() }
        loop.stop()
        thread.join()
        withExtendedLifetime(server) {}
    }

    @Test func `a port on a host without an address is not known`() async throws {
        let thread = try EventLoopThread()
        let report = Locked<WireServiceReport?>(nil)
        let loop = thread.loop
        loop.post {
            _ = PortLook(name: "a", host: "no-such-host.invalid", port: 1, limit: .seconds(20), on: loop) {
                report.set($0)
            }
        }
        #expect(await eventually { report.value != nil })
        #expect(report.value?.state == .unspecified)
        loop.stop()
        thread.join()
    }
}
