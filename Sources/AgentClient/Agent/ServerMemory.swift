internal import CertificateAuthority
import Foundation
internal import RollcallProtocol

/// The servers that an agent met, in a small file of its identity directory, so that they outlive the agent's process: an
/// older copy of a server is known also by an agent that was restarted meanwhile.
///
/// It belongs to the name by which the server is dialled: an agent that is given another server, and is given back, has not
/// met two of one identity.
struct ServerMemory {
    /// Name of the file.
    static let fileName = "servers"
    /// More is no list of a few servers.
    private static let bytesMax = 16 * 1024

    private let path: String
    private let server: String
    /// What the file holds.
    private(set) var known = MetServers()

    /// The memory of the agent whose identity lies in this directory and that dials this server.
    init(identity: String, server: String) {
        path = identity + "/" + Self.fileName
        self.server = server
    }

    /// Reads the file; without one nothing is known.
    /// - Returns: what is wrong with it, if it cannot be used: nothing is known then either.
    mutating func load() -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            return "\(path) cannot be read; servers met before are not known"
        }
        guard bytes.count <= Self.bytesMax, let found = Self.parse(String(decoding: bytes, as: UTF8.self)) else {
            return "\(path) is damaged; servers met before are not known, and it is written anew"
        }
        if found.server == server { known = found.servers }
        return nil
    }

    /// Writes what is known now, if that is something else: durable, or as before.
    /// - Returns: what is wrong, if it cannot be written.
    mutating func keep(_ servers: MetServers) -> String? {
        guard servers != known else { return nil }
        known = servers
        let lines = ["server \(server)"] + servers.tags.map(Self.line)
        do {
            try DurableFile.write(
                lines.joined(separator: "\n") + "\n", to: path, mode: 0o600, replacing: true)
            return nil
        } catch {
            return "\(path) cannot be written: an older copy of the server is not noticed after a restart of this agent"
        }
    }

    private static func line(_ tag: WireServerTag) -> String {
        "\(HexID.text(of: Array(tag.registryID))) \(tag.start) \(String(tag.run, radix: 16)) \(tag.host)"
    }

    private static func parse(_ text: String) -> (server: String, servers: MetServers)? {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first.hasPrefix("server ") else { return nil }
        var tags: [WireServerTag] = []
        for line in lines.dropFirst() {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard words.count == 4, let registry = HexID.bytes(of: String(words[0])), let start = UInt64(words[1]),
                let run = UInt64(words[2], radix: 16)
            else { return nil }
            tags.append(
                .with {
                    $0.registryID = Data(registry)
                    ($0.start, $0.run, $0.host) = (start, run, String(words[3]))
                })
        }
        return (String(first.dropFirst("server ".count)), MetServers(tags: tags))
    }
}
