public import Foundation
public import RollcallProtocol

/// One simulated machine as it is built: everything about it that does not change while it runs.
public struct NodeBlueprint: Equatable, Sendable {
    /// Its id, as in its certificate.
    public let id: UUID
    /// Its place in the fleet, from 0.
    public let index: Int
    /// Its name, fully qualified.
    public let hostname: String
    /// What it is for.
    public let role: WireRole
    /// Where it stands.
    public let site: String
    /// The process server it sends to; empty if none.
    public let processServer: String
    /// Its addresses.
    public let addresses: [String]
    /// Its operating system.
    public let system: OperatingSystem
    /// Its services, all running.
    public let services: [WireServiceReport]

    /// An operating system, as registrations tell it.
    public struct OperatingSystem: Equatable, Sendable {
        /// Its family.
        public let platform: WirePlatform
        /// Its name and version.
        public let version: String
    }

    /// What it registers with in one of its boots, from 0 on. Each boot has an id of its own, the same in each run.
    public func registration(boot: Int, agentVersion: String, seed: UInt64) -> WireRegisterRequest {
        .with {
            $0.hostname = hostname
            $0.role = role
            $0.platform = system.platform
            $0.osVersion = system.version
            $0.agentVersion = agentVersion
            $0.addresses = addresses
            $0.site = site
            $0.processServer = processServer
            $0.machineID = "simulated-" + id.uuidString.lowercased()
            var sequence = Chance(seed: seed, 2, UInt64(index), UInt64(boot))
            $0.bootID = Data((0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &sequence) })
        }
    }
}
