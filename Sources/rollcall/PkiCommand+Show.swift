import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki show`: what is in certificates, keys and directories of them, and what is wrong with them.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what is in certificates and keys, and whether they fit together.",
            discussion: "Exit status 1 if one is expired, not valid yet, signed by another CA, or a key does not fit.")

        @Argument(help: "Files, or directories such as an identity or a server's pki directory.")
        var paths: [String]

        @Flag(help: "One JSON document.")
        var json = false

        func run() throws {
            let now = Date()
            let inspection = try Inspection(of: paths, at: now)
            if json {
                print(try InspectionDocument(inspection, at: now).text())
            } else {
                print(CertificateWords.lines(for: inspection, at: now).joined(separator: "\n"))
            }
            if !inspection.isGood { throw ExitStatus.failure }
        }
    }
}
