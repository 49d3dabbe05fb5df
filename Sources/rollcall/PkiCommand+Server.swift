import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki server`: the server's certificate anew.
    struct Server: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issues the server's certificate anew: for other hosts, or because it expires.")

        @OptionGroup var place: PkiDirectoryOption

        @Option(
            name: .customLong("host"),
            help: "A name or address under which agents dial the server. Repeatable. (default: those of the old one)",
            transform: HostArgument.read)
        var hosts: [ServerHost] = []

        @Flag(help: "Make a new private key too, and replace the one that is there.")
        var newKey = false

        func run() throws {
            let directory = place.directory
            let issued = try directory.reissueServer(hosts: hosts.isEmpty ? nil : hosts, newKey: newKey, at: Date())
            print(
                "made \(directory.serverCertificate) for \(issued.hosts.map(\.description).joined(separator: ", ")),"
                    + " valid until \(CertificateWords.day(issued.notAfter))"
                    + (newKey ? ", with a new key" : ""))
            print("A running server reads it when it gets SIGHUP (systemctl reload rollcall), or when it is restarted.")
        }
    }
}
