import Foundation
import RollcallProtocol

/// A fleet of three nodes with one error, and the answers of its server.
enum SmallFleet {
    /// The server's clock: 2026-11-25 14:06:21 UTC.
    static let now: Int64 = 1_795_615_581_000

    static func ago(_ seconds: Int64) -> Int64 { now - seconds * 1000 }

    static let stopped = WireConnectivityError.with {
        $0.id = 41
        $0.code = "95226"
        $0.variant = "b"
        $0.title = "InMage Scout Application Service does not run, though the machine answers"
        $0.severity = .critical
        $0.scope = .component
        $0.subject = "web-03"
        $0.nodeID = Data(repeating: 3, count: 16)
        $0.site = "taipei"
        $0.raisedUnixMs = ago(250)
        $0.updatedUnixMs = ago(240)
        $0.evidence = [
            .with {
                $0.atUnixMs = ago(252)
                $0.source = "service report"
                $0.text = "InMage Scout Application Service: stopped, start type disabled"
            }
        ]
        $0.likelyCause = "the service's start type is not automatic"
        $0.remedy = ["On web-03: systemctl enable --now appservice.service"]
    }

    static let cleared: WireConnectivityError = {
        var error = stopped
        error.updatedUnixMs = ago(10)
        error.clearedUnixMs = ago(10)
        error.clearedBecause = "the service runs again"
        return error
    }()

    static func node(_ name: String, _ number: UInt8, _ role: WireRole, _ more: (inout WireNode) -> Void) -> WireNode {
        .with {
            $0.id = Data(repeating: number, count: 16)
            $0.hostname = name
            $0.role = role
            $0.platform = .linux
            $0.addresses = ["10.20.0.\(number)"]
            $0.site = "taipei"
            $0.reachability = .reachable
            $0.reachabilitySinceUnixMs = ago(11_400)
            $0.health = .healthy
            $0.lastSeenUnixMs = ago(12)
            $0.registeredUnixMs = ago(11_400)
            more(&$0)
        }
    }

    static let nodes = [
        node("ps-01", 2, .processServer) { _ in },
        node("web-03", 3, .mobilityAgent) {
            $0.health = .critical
            $0.errorCodes = ["95226b"]
        },
        node("web-04.branch-office.example.com", 4, .mobilityAgent) {
            $0.reachability = .unreachable
            $0.reachabilitySinceUnixMs = ago(200_000)
            $0.lastSeenUnixMs = ago(200_090)
            $0.site = "高雄"
        },
    ]

    static func status(_ health: WireHealth) -> WireGetStatusResponse {
        .with {
            $0.health = health
            $0.fleet = "acme"
            $0.serverVersion = "0.1.0"
            $0.serverHost = "cs-01"
            $0.serverTimeUnixMs = now
            $0.startedUnixMs = ago(97_200)
            $0.nodes = 3
            $0.connections = 3
            $0.heartbeats = 9720
            if health == .critical {
                $0.errors = [stopped]
                $0.errorCount = 1
            }
        }
    }

    /// Answers as the server of this fleet would.
    static func answer(to method: WireRequest.OneOf_Method, health: WireHealth = .critical) -> [FakeServer.Reply] {
        switch method {
        case .ping: [.answer(.ping(.with { $0.serverTimeUnixMs = now }))]
        case .getStatus: [.answer(.getStatus(status(health)))]
        case .listNodes(let request): list(request)
        case .getNode(let request): get(request)
        case .listErrors(let request):
            [
                .answer(
                    .listErrors(
                        .with {
                            $0.errors = request.all ? [stopped, cleared] : [stopped]
                            $0.total = UInt32($0.errors.count)
                        }))
            ]
        case .watchErrors:
            [
                .more(.watchErrors(.with { ($0.event, $0.error) = (.active, stopped) })),
                .more(.watchErrors(.with { ($0.event, $0.error) = (.cleared, cleared) })),
                .hangUp,
            ]
        default: [.refusal(.unimplemented, "")]
        }
    }

    /// Two nodes a page.
    private static func list(_ request: WireListNodesRequest) -> [FakeServer.Reply] {
        let matches = nodes.filter { $0.hostname.hasPrefix(request.text) }
        let start = Int(request.pageToken) ?? 0
        let end = min(start + min(2, Int(request.pageSize)), matches.count)
        return [
            .answer(
                .listNodes(
                    .with {
                        $0.nodes = Array(matches[start..<end])
                        $0.nextPageToken = end < matches.count ? "\(end)" : ""
                        $0.total = UInt32(matches.count)
                    }))
        ]
    }

    private static func get(_ request: WireGetNodeRequest) -> [FakeServer.Reply] {
        let matches = nodes.filter { $0.hostname.hasPrefix(request.name) }
        guard let node = matches.first else { return [.refusal(.notFound, "no node matches")] }
        if matches.count > 1 { return [.refusal(.aborted, "several nodes match")] }
        return [
            .answer(
                .getNode(
                    .with {
                        $0.node = node
                        $0.errors = node.errorCodes.isEmpty ? [] : [stopped]
                        $0.history = [
                            .with {
                                $0.atUnixMs = ago(11_400)
                                $0.event = "registered"
                                $0.text = "registered from 10.20.0.3:51324"
                            }
                        ]
                    }))
        ]
    }
}
