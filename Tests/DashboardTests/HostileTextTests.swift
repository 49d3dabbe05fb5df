import Dashboard
import Foundation
import RollcallProtocol
import Testing

/// Agents choose their host names, and the network chooses agents.
@Suite("Hostile text")
struct HostileTextTests {
    private let attack = "a\u{1B}[2J\u{1B}]0;owned\u{07}\r\nHEALTHY\u{9B}31m\u{202E}\u{2028}\u{7F}\u{0}b"

    private var node: WireNode {
        .with {
            $0.hostname = attack
            $0.osVersion = attack
            $0.agentVersion = attack
            $0.site = attack
            $0.processServer = attack
            $0.machineID = attack
            $0.addresses = [attack]
            $0.errorCodes = [attack]
            $0.components = [
                .with {
                    $0.peerAddress = attack
                    $0.localAddress = attack
                    $0.tlsVersion = attack
                    $0.lastClose = attack
                }
            ]
            $0.services = [
                .with {
                    $0.report = .with {
                        $0.name = attack
                        $0.detail = attack
                        $0.unit = attack
                    }
                }
            ]
        }
    }

    private var error: WireConnectivityError {
        .with {
            $0.code = attack
            $0.variant = attack
            $0.title = attack
            $0.subject = attack
            $0.site = attack
            $0.evidence = [
                .with {
                    $0.source = attack
                    $0.text = attack
                }
            ]
            $0.likelyCause = attack
            $0.otherCause = attack
            $0.remedy = [attack]
            $0.members = [attack]
            $0.clearedUnixMs = 1
            $0.clearedBecause = attack
        }
    }

    private var status: WireGetStatusResponse {
        .with {
            $0.fleet = attack
            $0.serverHost = attack
            $0.serverVersion = attack
            $0.listening = [attack]
            $0.errors = [error]
            $0.errorCount = 1
            $0.roles = [.with { $0.name = attack }]
            $0.sites = [.with { $0.name = attack }]
        }
    }

    private var story: WireGetNodeResponse {
        .with {
            $0.node = node
            $0.errors = [error]
            $0.history = [
                .with {
                    $0.event = attack
                    $0.text = attack
                }
            ]
        }
    }

    private func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test("no view lets a terminal obey what an agent sent", arguments: [nil, 80, 30])
    func noViewLetsATerminalObey(width: Int?) {
        let canvas = canvas(width: width)
        let event = WireWatchErrorsResponse.with { $0.error = error }
        let views = [
            StatusView(status, on: canvas).lines(), NodesView([node], total: 1, on: canvas).lines(),
            NodeStory(story, on: canvas).lines(), ErrorsView(on: canvas).list([error], total: 1, all: true),
            ErrorsView(on: canvas).event(event),
        ]
        for lines in views {
            #expect(!lines.isEmpty)
            for line in canvas.render(lines, in: .plain) { #expect(isHarmless(line)) }
        }
    }

    @Test("numbers at their extremes harm no view", arguments: [Int64.min, -1, 1, .max])
    func extremeNumbersHarmNoView(time: Int64) {
        var story = story
        story.node.reachabilitySinceUnixMs = time
        story.node.lastSeenUnixMs = time
        story.node.registeredUnixMs = time
        story.node.clockSkewMs = time
        story.node.loadUnixMs = time
        story.node.load = .with {
            $0.loadAverage1M = .infinity
            $0.cpuShare = .nan
            $0.memoryTotalBytes = .max
            $0.memoryAvailableBytes = .max
        }
        story.node.components[0].connected = true
        story.node.components[0].connectedUnixMs = time
        story.node.services[0].sinceUnixMs = time
        story.errors[0].raisedUnixMs = time
        story.errors[0].clearedUnixMs = time
        story.errors[0].memberCount = .max
        var status = status
        status.startedUnixMs = time
        status.nodes = .max
        status.heartbeats = .max
        let crowd = WireGetStatusResponse.Tally.with {
            $0.nodes = .max
            $0.left = .max
            $0.suspect = .max
            $0.critical = .max
        }
        (status.roles, status.sites, status.errors) = ([crowd, crowd], Array(repeating: crowd, count: 40), [])
        status.homecoming.untilUnixMs = time
        #expect(NodeStory(story, on: canvas(width: 80)).lines().count > 10)
        #expect(StatusView(status, on: canvas(width: 80)).lines().count > 10)
        #expect(!story.json.compact.isEmpty)
        #expect(!status.json.compact.isEmpty)
    }

    @Test("what it tried is written out")
    func whatItTriedIsWrittenOut() {
        #expect(
            attack.printable
                == #"a\x1b[2J\x1b]0;owned\x07\r\nHEALTHY\x9b31m\u{202e}\u{2028}\x7f\x00b"#)
        #expect(plain(NodesView([node], total: 1, on: canvas()).lines()).contains(#"a\x1b[2J"#))
    }

    @Test("JSON carries it whole, and harmless to look at")
    func jsonCarriesItWhole() throws {
        for document in [status.json, story.json, WireListErrorsResponse.with { $0.errors = [error] }.json] {
            #expect(isHarmless(document.compact))
            #expect(try JSONSerialization.jsonObject(with: Data(document.compact.utf8)) is [String: Any])
        }
        let object = try JSONSerialization.jsonObject(with: Data(node.json.pretty.utf8)) as? [String: Any]
        #expect(object?["hostname"] as? String == attack)
    }
}
