import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki nodes`: identities by the thousand, for load tests.
    struct Nodes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes many node identities for load tests.",
            discussion: """
                Writes I.pem (certificate, then key) for I from 0, ca.pem, and nodes.tsv with the node id in each file.
                """)

        @OptionGroup var place: PkiDirectoryOption

        @Option(help: "How many.")
        var count: Int

        @Option(help: "The directory to make.")
        var out: String

        @Option(help: "Node ids that are the same for the same seed. (default: random ones)")
        var seed: UInt64?

        @Flag(help: "One private key for all of them: quicker to make, and no difference to a server.")
        var sharedKey = false

        @Flag(help: "Replace the files in --out.")
        var force = false

        func validate() throws {
            guard (1...LoadFleet.countMax).contains(count) else {
                throw ValidationError("--count is \(count); it may be 1 to \(LoadFleet.countMax).")
            }
        }

        func run() throws {
            let authority = try place.directory.openAuthority()
            let ids = seed.map { Array(NodeIDSequence(seed: $0).prefix(count)) } ?? (0..<count).map { _ in UUID() }
            try LoadFleet(out).write(ids, authority: authority, sharedKey: sharedKey, replacing: force, at: Date()) {
                written in
                FileHandle.standardError.write(Data("\(written) of \(count)\n".utf8))
            }
            print("made \(count) identities of the fleet \(authority.fleet) in \(out), listed in \(out)/nodes.tsv")
        }
    }
}
