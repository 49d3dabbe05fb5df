import Dashboard
import ErrorCatalogue
import Foundation
import RollcallProtocol

/// 2026-11-25 14:06:21 UTC: now, in these tests.
let now = WallTime(unixMilliseconds: 1_795_615_581_000)

func secondsAgo(_ seconds: Int64) -> Int64 { now.unixMilliseconds - seconds * 1000 }

func minutesAgo(_ minutes: Int64) -> Int64 { secondsAgo(minutes * 60) }

func canvas(width: Int? = nil, height: Int? = nil, in language: Language = .english) -> Canvas {
    Canvas(width: width, height: height, now: now, zone: .utc, language: language)
}

/// As it goes to a file: plain, each line ended.
func plain(_ lines: [Line], width: Int? = nil) -> String {
    canvas(width: width).render(lines, in: .plain).map { $0 + "\n" }.joined()
}

extension WireConnectivityError {
    static let serviceStopped = WireConnectivityError.with {
        $0.id = 41
        $0.code = "95226"
        $0.variant = "b"
        $0.title = "The InMage Scout Application Service does not run on web-03"
        $0.severity = .critical
        $0.scope = .component
        $0.subject = "web-03"
        $0.nodeID = Data(0..<16)
        $0.site = "taipei"
        $0.raisedUnixMs = secondsAgo(250)
        $0.updatedUnixMs = secondsAgo(240)
        $0.evidence = [
            .with {
                $0.atUnixMs = secondsAgo(252)
                $0.source = "service report"
                $0.text =
                    "InMage Scout Application Service: stopped, start type disabled (systemd unit appservice.service: inactive)"
            },
            .with {
                $0.atUnixMs = secondsAgo(251)
                $0.source = "heartbeat"
                $0.text = "the mobility agent's heartbeat came 1 s later: the machine and its path are up"
            },
        ]
        $0.likelyCause = "The service was stopped and is disabled, so it does not come back with the machine"
        $0.remedy = ["On web-03: systemctl enable --now appservice.service", "See that it stays: rollcall node web-03"]
    }

    static let siteSilent = WireConnectivityError.with {
        $0.id = 40
        $0.code = "95226"
        $0.variant = "a"
        $0.title = "No contact with any of the 12 nodes of site kaohsiung"
        $0.severity = .critical
        $0.scope = .site
        $0.subject = "kaohsiung"
        $0.site = "kaohsiung"
        $0.raisedUnixMs = minutesAgo(95)
        $0.updatedUnixMs = minutesAgo(95)
        $0.evidence = [
            .with {
                $0.atUnixMs = minutesAgo(95)
                $0.source = "neighbours"
                $0.text = "12 of 12 nodes of the site fell silent within 8 s; 14 of 14 nodes of the other site answer"
            }
        ]
        $0.likelyCause = "The VPN or private peering between kaohsiung and this server is down"
        $0.otherCause = "The whole site lost power"
        $0.remedy = ["From a machine in kaohsiung: rollcall probe cs-01:443 --identity DIR", "Check the VPN gateway"]
        $0.members = ["app-01", "app-02", "app-03"]
        $0.memberCount = 12
    }

    static let logUploadStopped = WireConnectivityError.with {
        $0.id = 17
        $0.code = "service-not-running"
        $0.title = "ps-01: LogUpload is stopped"
        $0.severity = .warning
        $0.scope = .component
        $0.subject = "ps-01"
        $0.site = "taipei"
        $0.raisedUnixMs = minutesAgo(60 * 50)
        $0.updatedUnixMs = minutesAgo(60 * 50)
        $0.likelyCause = "The service was stopped by hand"
        $0.remedy = ["On ps-01: systemctl start logupload.service"]
    }

    static let clearedContact = WireConnectivityError.with {
        $0.id = 12
        $0.code = "78093"
        $0.title = "db-01 is off, hung or not on the network"
        $0.severity = .critical
        $0.scope = .node
        $0.subject = "db-01"
        $0.site = "taipei"
        $0.raisedUnixMs = minutesAgo(60 * 24 * 3)
        $0.updatedUnixMs = minutesAgo(60 * 24 * 3 - 12)
        $0.clearedUnixMs = minutesAgo(60 * 24 * 3 - 12)
        $0.likelyCause = "The machine hung"
        $0.remedy = ["Look at its console"]
        $0.clearedBecause = "a heartbeat came in; its boot id is a new one, so the machine was restarted"
    }
}

extension WireGetStatusResponse {
    private static func tally(
        _ name: String, _ nodes: UInt32, reachable: UInt32, healthy: UInt32,
        _ more: (inout Tally) -> Void = { _ in }
    ) -> Tally {
        Tally.with {
            $0.name = name
            $0.nodes = nodes
            $0.reachable = reachable
            $0.healthy = healthy
            more(&$0)
        }
    }

    static let healthy = WireGetStatusResponse.with {
        $0.health = .healthy
        $0.fleet = "acme"
        $0.serverVersion = "0.1.0"
        $0.serverHost = "cs-01"
        $0.serverTimeUnixMs = now.unixMilliseconds
        $0.startedUnixMs = minutesAgo(60 * 27)
        $0.nodes = 27
        $0.connections = 28
        $0.roles = [
            tally("mobility agent", 24, reachable: 24, healthy: 24),
            tally("process server", 2, reachable: 2, healthy: 2),
            tally("master target", 1, reachable: 1, healthy: 1),
        ]
        $0.sites = [
            tally("kaohsiung", 12, reachable: 12, healthy: 12), tally("taipei", 15, reachable: 15, healthy: 15),
        ]
        $0.listening = ["[::]:443", "0.0.0.0:443"]
        $0.heartbeats = 87_480
    }

    static let troubled = healthy.with {
        $0.health = .critical
        $0.errors = [.siteSilent, .serviceStopped, .logUploadStopped]
        $0.errorCount = 3
        $0.roles[0] = tally("mobility agent", 24, reachable: 12, healthy: 11) {
            $0.unreachable = 11
            $0.suspect = 1
            $0.critical = 13
        }
        $0.roles[1] = tally("process server", 2, reachable: 2, healthy: 1) { $0.warning = 1 }
        $0.sites[0] = tally("kaohsiung", 12, reachable: 0, healthy: 0) {
            $0.unreachable = 11
            $0.suspect = 1
            $0.critical = 12
        }
        $0.sites[1] = tally("taipei", 15, reachable: 15, healthy: 13) {
            $0.warning = 1
            $0.critical = 1
        }
    }

    static let comingHome = healthy.with {
        $0.startedUnixMs = secondsAgo(20)
        $0.homecoming = .with {
            $0.expected = 27
            $0.returned = 18
            $0.untilUnixMs = now.unixMilliseconds + 70_000
        }
        $0.roles[0] = tally("mobility agent", 24, reachable: 15, healthy: 15) { $0.unknown = 9 }
    }
}

extension WireNode {
    static let web03 = WireNode.with {
        $0.id = Data(0..<16)
        $0.hostname = "web-03"
        $0.role = .mobilityAgent
        $0.platform = .linux
        $0.osVersion = "Debian GNU/Linux 12 (bookworm)"
        $0.agentVersion = "0.1.0"
        $0.addresses = ["10.20.0.13", "fd00:20::13"]
        $0.site = "taipei"
        $0.processServer = "ps-01"
        $0.bootID = Data(16..<32)
        $0.machineID = "5d0f0f2a90c14d2c8a5b5a4b8a3d1f10"
        $0.reachability = .reachable
        $0.reachabilitySinceUnixMs = minutesAgo(190)
        $0.health = .critical
        $0.firstSeenUnixMs = minutesAgo(60 * 24 * 400)
        $0.lastSeenUnixMs = secondsAgo(12)
        $0.registeredUnixMs = minutesAgo(190)
        $0.components = [
            .with {
                $0.component = .mobilityAgent
                $0.lastHeardUnixMs = secondsAgo(12)
                $0.connected = true
                $0.peerAddress = "10.20.0.13:51324"
                $0.localAddress = "10.0.0.5:443"
                $0.tlsVersion = "TLSv1.3"
                $0.connectedUnixMs = minutesAgo(190)
            },
            .with {
                $0.component = .scoutApplicationService
                $0.lastHeardUnixMs = secondsAgo(252)
                $0.peerAddress = "10.20.0.13:51330"
                $0.localAddress = "10.0.0.5:443"
                $0.tlsVersion = "TLSv1.3"
                $0.lastClose = "reset by peer"
            },
        ]
        $0.services = [
            .with {
                $0.report = .with {
                    $0.name = "InMage Scout Application Service"
                    $0.state = .stopped
                    $0.startType = .disabled
                    $0.detail = "systemd unit appservice.service: inactive (dead)"
                    $0.unit = "appservice.service"
                }
                $0.reportedUnixMs = secondsAgo(12)
                $0.sinceUnixMs = secondsAgo(252)
            },
            .with {
                $0.report = .with {
                    $0.name = "svagents"
                    $0.state = .running
                    $0.startType = .automatic
                }
                $0.reportedUnixMs = minutesAgo(44)
                $0.sinceUnixMs = minutesAgo(190)
                $0.stale = true
            },
        ]
        $0.load = .with {
            $0.loadAverage1M = 0.42
            $0.cpuShare = 0.123
            $0.memoryTotalBytes = 8_589_934_592
            $0.memoryAvailableBytes = 3_328_599_654
        }
        $0.loadUnixMs = secondsAgo(12)
        $0.clockSkewMs = 1240
        $0.errorCodes = ["95226b"]
    }

    static let ps01 = WireNode.with {
        $0.id = Data(32..<48)
        $0.hostname = "ps-01"
        $0.role = .processServer
        $0.platform = .windows
        $0.addresses = ["10.20.0.2"]
        $0.site = "taipei"
        $0.reachability = .reachable
        $0.reachabilitySinceUnixMs = minutesAgo(60 * 27)
        $0.health = .warning
        $0.lastSeenUnixMs = secondsAgo(3)
        $0.errorCodes = ["service-not-running"]
    }

    static let ideographic = WireNode.with {
        $0.id = Data(64..<80)
        $0.hostname = "資料庫伺服器-高雄-01.example.com.tw"
        $0.role = .mobilityAgent
        $0.addresses = ["10.30.0.7"]
        $0.site = "高雄"
        $0.reachability = .unreachable
        $0.reachabilitySinceUnixMs = minutesAgo(60 * 24 * 2 + 185)
        $0.health = .critical
        $0.lastSeenUnixMs = minutesAgo(60 * 24 * 2 + 186)
        $0.errorCodes = ["95226a"]
    }

    static let announced = WireNode.with {
        $0.id = Data(80..<96)
        $0.hostname = "app-09"
        $0.role = .masterTarget
        $0.reachability = .expected
    }

    static let all = [web03, ps01, ideographic, announced]
}

extension WireGetNodeResponse {
    static let web03 = WireGetNodeResponse.with {
        $0.node = .web03
        $0.errors = [.serviceStopped]
        $0.history = [
            .with {
                $0.atUnixMs = secondsAgo(250)
                $0.event = "error raised"
                $0.text = "95226b: the InMage Scout Application Service does not run"
            },
            .with {
                $0.atUnixMs = secondsAgo(252)
                $0.event = "service"
                $0.text = "InMage Scout Application Service went from running to stopped (start type disabled)"
            },
            .with {
                $0.atUnixMs = minutesAgo(190)
                $0.event = "registered"
                $0.text = "registered from 10.20.0.13:51324 over TLSv1.3 after a restart of the machine"
            },
            .with {
                $0.atUnixMs = minutesAgo(60 * 24 * 400)
                $0.event = "registered"
                $0.text = "registered for the first time"
            },
        ]
    }
}

extension WireGetStatusResponse {
    /// A copy, changed.
    func with(_ change: (inout WireGetStatusResponse) -> Void) -> WireGetStatusResponse {
        var copy = self
        change(&copy)
        return copy
    }
}
