import Foundation
import Registry
import TestSupport

@testable import RegistryStore

/// A moment some seconds after the one at which all fixtures begin. Whole milliseconds, as the store keeps them.
func moment(_ seconds: Int64 = 0) -> Instant { Instant(unixMilliseconds: 1_795_615_331_123 + seconds * 1_000) }

func nodeID(_ number: Int) -> NodeID { NodeID(high: 0xA1B2_C3D4_E5F6_0718, low: UInt64(number)) }

/// A node with every field set to something of its own.
func node(_ number: Int, hostname: String? = nil, at seconds: Int64 = 0) -> NodeRecord {
    NodeRecord(
        id: nodeID(number),
        facts: NodeFacts(
            hostname: hostname ?? "web-\(number)", role: Role.allCases[number % 3], platform: .linux,
            osVersion: "Debian GNU/Linux 12", agentVersion: "9.61.7", addresses: ["10.0.0.\(number % 250)", "fd00::4"],
            site: "taipei", processServer: "ps-01", bootID: Array(repeating: UInt8(number % 256), count: 16),
            machineID: "machine \"\(number)\" \\ 伺服器",
            hardware: Hardware(
                id: "4c4c4544-0042-3510-8052-\(number + 100_000_000_000)",
                networkCards: ["52:54:00:12:34:56", "00:50:56:ab:cd:ef"])),
        components: [.mobilityAgent, .scoutApplicationService],
        services: [
            ServiceRecord(
                report: ServiceReport(
                    name: "InMage Scout Application Service", state: .stopped, startType: .disabled,
                    detail: "inactive (dead)\n\tsince \u{1} today 🛑", unit: "appservice"),
                reportedAt: moment(seconds), since: moment(seconds - 60))
        ],
        reachability: .suspect, reachabilitySince: moment(seconds + 1), firstSeen: moment(seconds + 2),
        registeredAt: moment(seconds + 3), lastSeen: moment(seconds + 4), clockSkew: .milliseconds(-1_500),
        peerAddress: "192.0.2.7:50321", localAddress: "[2001:db8::1]:443",
        goodbye: LeaveReason.allCases[number % 6])
}

/// A finding with every field set.
func finding(
    _ id: UInt64, subject: Subject = .node(nodeID(1)), name: String = "web-1", cleared: Int64? = nil
) -> Finding {
    Finding(
        id: id, code: .applicationServiceNotRunning, severity: .critical, subject: subject, subjectName: name,
        site: "taipei", title: "web-1: InMage Scout Application Service does not run", raisedAt: moment(10),
        updatedAt: moment(20), clearedAt: cleared.map { moment($0) }, clearedBecause: cleared == nil ? "" : "it runs",
        evidence: [
            Evidence(at: moment(10), source: "service report", text: "state \"stopped\""),
            Evidence(at: moment(11), source: "heartbeat", text: "heard 1 s ago"),
        ],
        likelyCause: "stopped", otherCause: "disabled", remedy: ["systemctl start appservice", "look"],
        members: ["web-1", "web-2"], memberCount: 2)
}

func entry(_ node: Int, _ event: String, at seconds: Int64 = 0) -> HistoryEntry {
    HistoryEntry(node: nodeID(node), at: moment(seconds), event: event, text: "\(event) of web-\(node)")
}

extension TestDirectory {
    /// The path of the registry in it.
    var registry: String { path("registry.sqlite") }

    /// Opens the registry in it.
    func open(limits: StoreLimits = StoreLimits()) throws -> SQLiteStore {
        try SQLiteStore(path: registry, fleet: "acme", limits: limits)
    }
}

/// The error an operation throws, or nil.
func storeError(_ body: () throws -> Void) -> StoreError? {
    do { try body() } catch { return error as? StoreError }
    return nil
}
