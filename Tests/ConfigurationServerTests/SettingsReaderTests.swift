import EventLoop
import Foundation
import Registry
import TestSupport
import Testing

@testable import ConfigurationServer

@Suite("Settings")
struct SettingsReaderTests {
    private func read(
        flags: [String: [String]] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> ServerSettings {
        try SettingsReader.read(
            flags: flags, environment: environment, file: file, processors: 2, hostname: "cs-1")
    }

    private func line(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch { return "\(error)" }
    }

    @Test("have defaults that agree with each other")
    func defaults() throws {
        let settings = try read()
        #expect(settings.loops == 2)
        #expect(settings.hostname == "cs-1")
        #expect(settings.registry.heartbeatInterval == .seconds(30))
        #expect(settings.registry.suspectAfter == .seconds(60))
        #expect(settings.registry.unreachableAfter == .seconds(90))
        #expect(settings.idleTimeout == .seconds(180))
        #expect(settings.maxConnections <= settings.descriptorLimit - 64)
    }

    @Test("come from the flag, then the variable, then the file")
    func order() throws {
        let directory = try TestDirectory()
        let file = directory.path("rollcall.yaml")
        try "loops: 3\nhostname: from-file\nheartbeat-interval: 10s\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let settings = try read(
            flags: ["loops": ["5"]], environment: ["ROLLCALL_LOOPS": "4", "ROLLCALL_HOSTNAME": "from-variable"],
            file: file)
        #expect(settings.loops == 5)
        #expect(settings.hostname == "from-variable")
        #expect(settings.registry.heartbeatInterval == .seconds(10))
        #expect(settings.registry.unreachableAfter == .seconds(30))
    }

    @Test("take lists from each source")
    func lists() throws {
        let directory = try TestDirectory()
        let file = directory.path("rollcall.yaml")
        try "listen:\n  - 127.0.0.1:1\n  - '[::1]:2'\n".write(toFile: file, atomically: true, encoding: .utf8)
        let expected = ["127.0.0.1:1", "[::1]:2"]
        #expect(try read(file: file).listen.map(\.description) == expected)
        #expect(try read(flags: ["listen": expected]).listen.map(\.description) == expected)
        let environment = ["ROLLCALL_LISTEN": "127.0.0.1:1, [::1]:2"]
        #expect(try read(environment: environment).listen.map(\.description) == expected)
    }

    @Test(
        "that cannot be are refused in one line that names them",
        arguments: [
            ("listen", "localhost"), ("listen", "127.0.0.1"), ("loops", "0"), ("loops", "two"),
            ("heartbeat-interval", "30"), ("heartbeat-interval", "-1s"), ("handshake-timeout", "soon"),
            ("max-connections", "-5"), ("pending-output-limit", "4MB"), ("gather-arrivals", "1h"), ("hostname", ""),
        ])
    func refused(setting: String, text: String) {
        let flag = line { _ = try read(flags: [setting: [text]]) }
        #expect(flag.contains("--\(setting)"), "\(flag)")
        #expect(!flag.contains("\n"))
        guard !text.isEmpty else { return }
        let name = "ROLLCALL_" + setting.uppercased().replacing("-", with: "_")
        let variable = line { _ = try read(environment: [name: text]) }
        #expect(variable.contains(name), "\(variable)")
    }

    @Test("that contradict each other are refused")
    func contradictions() {
        #expect(line { _ = try read(flags: ["suspect-after": ["10s"]]) }.contains("suspect-after"))
        #expect(line { _ = try read(flags: ["unreachable-after": ["40s"]]) }.contains("unreachable-after"))
        #expect(line { _ = try read(flags: ["idle-timeout": ["1s"]]) }.contains("idle-timeout"))
        #expect(line { _ = try read(flags: ["max-connections": ["10000000"]]) }.contains("LimitNOFILE"))
    }

    @Test("in a file that cannot be read are refused with the line")
    func file() throws {
        let directory = try TestDirectory()
        let file = directory.path("rollcall.yaml")
        func error(_ text: String) throws -> String {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            return line { _ = try read(file: file) }
        }
        #expect(
            try error("loops: 2\nport: 443\n").hasPrefix(
                "\(file):2: “port” is no setting; known: admissions-per-second"))
        #expect(try error("loops: [1\n").hasPrefix("\(file): not YAML"))
        #expect(try error("just text\n").contains("setting: value"))
        #expect(try error("# a comment\nloops: many\n").hasPrefix("\(file):2: loops: “many”"))
        #expect(line { _ = try read(file: directory.path("none")) }.contains("cannot be read"))
        #expect(try error("") == "")
    }

    @Test("are each one flag, one variable and one key, and say what they are")
    func table() {
        let names = Setting.all.map(\.name)
        #expect(Set(names).count == names.count)
        for setting in Setting.all {
            #expect(setting.name.allSatisfy { $0.isLowercase || $0 == "-" })
            #expect(setting.meaning.hasSuffix(".") && !setting.standard.isEmpty)
        }
    }
}
