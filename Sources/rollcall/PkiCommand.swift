import ArgumentParser
import CertificateAuthority
import Foundation

/// `rollcall pki`: the fleet's own CA, so that no step needs `openssl` by hand.
struct PkiCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Makes, shows and revokes the fleet's certificates, and sets its passphrase.",
        discussion: """
            Once: rollcall pki init, on the configuration server. Then one identity for each machine that reports \
            (pki node) and each person or program that asks (pki operator); copy the directory there.
            """,
        subcommands: [
            Init.self, Server.self, Node.self, Operator.self, Nodes.self, Show.self, Revoke.self, Passphrase.self,
        ]
    )
}

/// Where the CA is. A pki command takes it with `@OptionGroup var place: PkiDirectoryOption`.
struct PkiDirectoryOption: ParsableArguments {
    @Option(name: .long, help: "The directory with the CA. (default: pki in the data directory)")
    var pki: String?

    @OptionGroup var place: DataDirectoryOption

    func validate() throws {
        if pki != nil, place.data != nil { throw ValidationError("Give --pki or --data, not both.") }
    }

    /// The directory that the flags and the environment name.
    var directory: PkiDirectory { PkiDirectory(pki ?? place.path + "/pki") }

    /// How to name the same directory to `rollcall serve` or to a person.
    var flag: String { pki.map { "--pki \($0)" } ?? "--data \(place.path)" }
}

/// `--host`, as the commands take it that make a server certificate.
enum HostArgument {
    /// Reads a value of `--host`.
    /// - Throws: `ValidationError` with what is wrong with it.
    static func read(_ text: String) throws -> ServerHost {
        do {
            return try ServerHost(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
