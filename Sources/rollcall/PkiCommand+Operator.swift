import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki operator`: an identity directory for somebody who asks over the network.
    struct Operator: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes an identity directory for a person or program that asks from another machine.")

        @OptionGroup var place: PkiDirectoryOption

        @Argument(help: "Whom it is for: a-z, 0-9, '.', '_' and '-'.")
        var name: String

        @Option(help: "The directory to make: identity.pem, identity.key, ca.pem.")
        var out: String

        @Flag(help: "Replace the identity in --out.")
        var force = false

        func validate() throws {
            guard FleetURI.isOperatorName(name) else {
                throw ValidationError(CertificateAuthorityError.badOperatorName(name).description)
            }
        }

        func run() throws {
            let authority = try place.directory.openAuthority()
            let revoked = try RevocationList(path: place.directory.revocations)
            let uri = try FleetURI(fleet: authority.fleet, holder: .operator(name))
            let identity = try authority.issueOperator(name: name, at: revoked.earliestIssue(for: uri, at: Date()))
            try IdentityDirectory(out).write(identity, authorityPEM: authority.certificatePEM, replacing: force)
            print("made \(out) for \(identity.uri)")
            print("Next: rollcall status --server HOST --identity \(out)")
        }
    }
}
