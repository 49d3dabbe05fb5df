import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki node`: an identity directory for one machine.
    struct Node: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an identity directory for one machine that reports.")

        @OptionGroup var place: PkiDirectoryOption

        @Option(help: "The directory to make: identity.pem, identity.key, ca.pem.")
        var out: String

        @Option(help: "The node's UUID. (default: with --force that of the identity there, else a new one)")
        var id: String?

        @Option(help: "A name for people who read the certificate, for example the host name.")
        var name: String?

        @Flag(help: "Replace the identity in --out.")
        var force = false

        func validate() throws {
            if let id, UUID(uuidString: id) == nil {
                throw ValidationError(
                    "'\(id)' is no UUID, such as 6f1c2c1e-0a52-4b7e-9a53-0d7c1f2a9b11. Leave --id out for a new one.")
            }
        }

        func run() throws {
            let authority = try place.directory.openAuthority()
            let directory = IdentityDirectory(out)
            let id = try nodeID(for: directory, in: authority.fleet)
            let revoked = try RevocationList(path: place.directory.revocations)
            let uri = try FleetURI(fleet: authority.fleet, holder: .node(id))
            let identity = try authority.issueNode(
                id: id, name: name, at: revoked.earliestIssue(for: uri, at: Date()))
            try directory.write(identity, authorityPEM: authority.certificatePEM, replacing: force)
            print("made \(out) for \(identity.uri)")
            print("Next, on that machine: rollcall agent --server HOST --identity \(out)")
        }

        private func nodeID(for directory: IdentityDirectory, in fleet: String) throws -> UUID {
            if let id, let uuid = UUID(uuidString: id) { return uuid }
            // A machine that gets a new certificate is still the same node.
            if force, let old = try directory.holder(), old.fleet == fleet, case .node(let uuid) = old.holder {
                return uuid
            }
            return UUID()
        }
    }
}
