import ArgumentParser
import CertificateAuthority
import Foundation
import SecureTransport

extension PkiCommand {
    /// `rollcall pki passphrase`: what a server keeps of the fleet's passphrase.
    struct Passphrase: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sets the passphrase by which new machines enrol.",
            discussion: """
                Writes a verifier, from which the passphrase cannot be read, to passphrase.verifier beside the CA. Machines can \
                enrol once the server has been told where it is (passphrase-verifier), and for as long. A new passphrase changes \
                nothing for those that are in.
                """)

        @OptionGroup var place: PkiDirectoryOption

        @Flag(help: "Make a passphrase of 125 random bits, and show it once.")
        var generate = false

        @Option(
            help: ArgumentHelp(
                "Read the passphrase from this file; - is standard input. (default: ask at the terminal)",
                valueName: "path"))
        var passphraseFile: String?

        @Flag(help: "Replace the verifier that is there.")
        var force = false

        func validate() throws {
            if generate, passphraseFile != nil {
                throw ValidationError("Give --generate or --passphrase-file, not both.")
            }
        }

        func run() throws {
            let directory = place.directory
            let path = directory.passphraseVerifier
            if !force, FileManager.default.fileExists(atPath: path) {
                throw CertificateAuthorityError.exists(path: path, next: "Set another passphrase with --force.")
            }
            let fleet = try directory.fleet()
            let (passphrase, text) = try chosen(for: fleet)
            let verifier = try PassphraseVerifier(passphrase, fleet: fleet)
            try KeyFile.write(verifier.text, to: path, replacing: force)
            if let text { print(text) }
            print("made \(path) for fleet \(fleet)")
            print("Next, at the server: passphrase-verifier: \(path), and restart it or send it SIGHUP")
            print("Then, on each new machine: rollcall agent --server HOST --enroll")
        }

        private func chosen(for fleet: String) throws -> (SecureTransport.Passphrase, text: String?) {
            if generate {
                let (passphrase, text) = try SecureTransport.Passphrase.generate()
                return (passphrase, text)
            }
            let passphrase =
                if let passphraseFile {
                    try SecureTransport.Passphrase(file: passphraseFile)
                } else {
                    try SecureTransport.Passphrase(asking: "New passphrase of fleet \(fleet): ", twice: true)
                }
            try passphrase.checkStrength()
            return (passphrase, nil)
        }
    }
}
