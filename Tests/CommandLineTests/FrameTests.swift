import ArgumentParser
import Foundation
import Logging
import Testing

@testable import rollcall

@Suite("The command's frame")
struct FrameTests {
    @Test("help and version are no failure")
    func cleanExits() {
        for word in ["--help", "--version"] {
            let error = #expect(throws: (any Error).self) {
                var command = try Rollcall.parseAsRoot([word])
                try command.run()
            }
            #expect(error.map(ExitStatus.code) == ExitStatus.healthy)
        }
    }

    @Test("a failure says its line and ends with its status")
    func failure() {
        let failure = CommandFailure("cs: nobody answers. Is it running?", status: ExitStatus.unknown)
        #expect(ExitStatus.line(for: failure) == "cs: nobody answers. Is it running?")
        #expect(ExitStatus.code(for: failure).rawValue == 3)
    }

    @Test("a command that has said everything itself ends without another line")
    func silent() {
        #expect(ExitStatus.line(for: ExitStatus.critical).isEmpty)
        #expect(ExitStatus.code(for: ExitStatus.critical).rawValue == 2)
    }

    @Test("the log level is one of swift-log's, and nothing else")
    func logLevel() throws {
        #expect(try GlobalOptions.parse([]).logLevel == nil)
        #expect(try GlobalOptions.parse(["--log-level", "debug"]).logLevel == .debug)
        let error = #expect(throws: (any Error).self) { try GlobalOptions.parse(["--log-level", "loud"]) }
        #expect(error.map(ExitStatus.code) == ExitStatus.usage)
    }

    @Test("a duration flag reads what people write, and refuses a bare number")
    func duration() {
        #expect(Duration(argument: "500ms") == .milliseconds(500))
        #expect(Duration(argument: "30") == nil)
        #expect(Duration.seconds(90).defaultValueDescription == "90s")
    }
}
