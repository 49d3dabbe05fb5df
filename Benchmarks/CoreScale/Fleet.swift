import Registry

/// The fleet of the measurements: mobility agents on 200 sites with two watched services each, as the simulated fleet
/// has them, and a few process servers and master targets.
enum Fleet {
    static func id(_ number: Int) -> NodeID {
        NodeID(high: UInt64(number) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number) &* 0xD6E8_FEB8_6659_FD93)
    }

    static func session(_ number: Int) -> SessionID { SessionID(loop: UInt16(number & 1), number: UInt64(number) + 1) }

    static func hostname(_ number: Int) -> String {
        // In no order, as machines are installed.
        let shuffled = "\(number * 7_919 % 1_000_003)"
        return "web-" + String(repeating: "0", count: max(0, 7 - shuffled.count)) + shuffled + ".example.com"
    }

    static func facts(_ number: Int) -> NodeFacts {
        let role: Role = number % 1_000 == 0 ? .masterTarget : number % 100 == 0 ? .processServer : .mobilityAgent
        return NodeFacts(
            hostname: hostname(number), role: role, platform: .linux,
            osVersion: ["Debian GNU/Linux 12 (bookworm)", "Ubuntu 22.04.3 LTS", "Red Hat Enterprise Linux 9.3"][
                number % 3],
            agentVersion: ["9.61.7024.1", "9.62.7108.1"][number % 2],
            addresses: ["10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"], site: "site-\(number % 200)",
            processServer: "ps-\(number % 200)", bootID: id(number).bytes,
            machineID: String(id(number).low, radix: 16) + String(id(number).high, radix: 16))
    }

    private static let services = ["InMage Scout Application Service", "svagents"].map {
        ServiceReport(
            name: $0, state: .running, startType: .automatic, detail: "systemd unit: active (running)",
            unit: "\($0.prefix(7)).service")
    }

    static func registration(_ number: Int) -> Registration {
        Registration(
            id: id(number), session: session(number), facts: facts(number), services: services,
            connection: ConnectionFacts(
                peerAddress: "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255):50123",
                localAddress: "10.0.0.1:443", tlsVersion: "TLSv1.3"))
    }

    static func record(_ number: Int, at time: Instant) -> NodeRecord {
        let registration = registration(number)
        return NodeRecord(
            id: registration.id, facts: registration.facts,
            components: [.standard(for: registration.facts.role)],
            services: services.map { ServiceRecord(report: $0, reportedAt: time, since: time) },
            reachability: .reachable, reachabilitySince: time, firstSeen: time, registeredAt: time,
            lastSeen: time + .milliseconds(number % 60_000), clockSkew: .milliseconds(3),
            peerAddress: registration.connection.peerAddress, localAddress: registration.connection.localAddress)
    }
}
