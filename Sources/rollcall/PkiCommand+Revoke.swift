import AgentClient
import ArgumentParser
import CertificateAuthority
import Dashboard
import Foundation
import RollcallProtocol

extension PkiCommand {
    /// `rollcall pki revoke`: ends the right of a certificate before its time.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revokes certificates: at once, where the server runs.",
            discussion: """
                Works without a server and without the CA's key. A running server on the same data directory is told: it \
                closes the holder's connections and lets it in no more. To let the machine in again give it a new \
                certificate: rollcall pki node --force.
                """)

        @OptionGroup var place: PkiDirectoryOption

        @Argument(
            help: ArgumentHelp(
                "Whose: a node's UUID, its host name (asked of the running server), a certificate's file or serial number, or "
                    + "operator/NAME.", valueName: "who"))
        var who: String

        @Option(help: "Why, in a few words: both the server's log and the machine's own show it.")
        var reason: String

        func validate() throws {
            guard reason.contains(where: { !$0.isWhitespace }) else {
                throw ValidationError(
                    "--reason is empty: say why in a few words, for those who find the machine shut out.")
            }
        }

        func run() throws {
            let directory = place.directory
            var list = try RevocationList(path: directory.revocations)
            let entry = RevocationList.Entry(try subject(in: directory), at: Date(), reason: reason)
            list.add(entry)
            try list.write(to: directory.revocations)
            print("revoked \(entry)")
            print(tellServer())
        }

        // MARK: who is meant

        private func subject(in directory: PkiDirectory) throws -> RevocationList.Subject {
            if FileManager.default.fileExists(atPath: who) { return try subject(ofFile: who) }
            if UUID(uuidString: who) != nil || who.hasPrefix("operator/") {
                let path = UUID(uuidString: who).map { "node/\($0.uuidString.lowercased())" } ?? who
                guard let uri = FleetURI("rollcall://\(try fleet(of: directory))/\(path)") else {
                    throw ValidationError("'\(who)' names no operator: write operator/NAME.")
                }
                return .holder(uri.description)
            }
            if let uri = FleetURI(who) { return .holder(uri.description) }
            let digits = who.replacing(":", with: "").uppercased()
            if digits.count >= 12, digits.allSatisfy(\.isHexDigit) {
                let number = digits.drop { $0 == "0" }
                return .serial((number.count.isMultiple(of: 2) ? "" : "0") + number)
            }
            return .holder(try holder(ofHost: who, in: directory))
        }

        private func subject(ofFile path: String) throws -> RevocationList.Subject {
            let file = FileManager.default.fileExists(atPath: path + "/.") ? IdentityDirectory(path).certificate : path
            guard let facts = try Inspection(of: [file], at: Date()).files.first?.certificates.first else {
                throw CommandFailure("\(file) holds no certificate")
            }
            guard !facts.isAuthority else {
                throw CommandFailure(
                    "\(file) is a CA's certificate: to part with a CA, make a new fleet with rollcall pki init")
            }
            return .serial(
                facts.serialNumber.hasPrefix("00") ? String(facts.serialNumber.dropFirst(2)) : facts.serialNumber)
        }

        private func fleet(of directory: PkiDirectory) throws -> String {
            let facts = try Inspection(of: [directory.authorityCertificate], at: Date()).files.first?.certificates.first
            guard let fleet = facts?.uri?.fleet else {
                throw CommandFailure("\(directory.authorityCertificate) names no fleet: is --data right?")
            }
            return fleet
        }

        private func holder(ofHost name: String, in directory: PkiDirectory) throws -> String {
            let words = "'\(name)' is no UUID, serial number or file, and to look it up as a host name "
            guard place.pki == nil else { throw CommandFailure(words + "the server's --data is needed") }
            do {
                let result = try server().call(.getNode(.with { $0.name = name }))
                guard case .getNode(let answer) = result, answer.node.id.count == 16 else {
                    throw CommandFailure(words + "the server gave no answer that fits")
                }
                let key = answer.node.key.isEmpty ? answer.node.id : answer.node.key
                let hex = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                var uuid = Substring(hex)
                var parts: [Substring] = []
                for count in [8, 4, 4, 4, 12] {
                    parts.append(uuid.prefix(count))
                    uuid = uuid.dropFirst(count)
                }
                return "rollcall://\(try fleet(of: directory))/node/\(parts.joined(separator: "-"))"
            } catch let failure as OperatorFailure {
                if case .refused(_, let message) = failure { throw CommandFailure(message) }
                throw CommandFailure(words + "the server has to run: \(failure)")
            }
        }

        // MARK: the running server

        private func server() throws -> ServerConnection {
            try ServerConnection(
                to: .local(path: ServerPlace.socket(inData: place.place.path)), limit: .seconds(10))
        }

        /// Has a running server read the list now, and says what came of it.
        private func tellServer() -> String {
            guard place.pki == nil else { return "A running server reads it at its start, or when it gets SIGHUP." }
            let socket = ServerPlace.socket(inData: place.place.path)
            guard FileManager.default.fileExists(atPath: socket) else {
                return "No server runs on \(place.place.path): the next one reads it at its start."
            }
            do {
                guard case .reload(let answer) = try server().call(.reload(.init())) else {
                    return "The running server gave no answer that fits: send it SIGHUP."
                }
                return "The running server has closed \(answer.closed) connections and lets its holder in no more."
            } catch {
                return "The running server was not told (\(error)): send it SIGHUP, or restart it."
            }
        }
    }
}
