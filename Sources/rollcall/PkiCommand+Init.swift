import ArgumentParser
import CertificateAuthority
import Foundation

extension PkiCommand {
    /// `rollcall pki init`: the CA and the server's certificate, where they are missing.
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the fleet's CA and the server's certificate, where they are missing.",
            discussion: "Writes over nothing: run it again to see what is there.")

        @OptionGroup var place: PkiDirectoryOption

        @Option(
            help: "The fleet's name: a-z, 0-9 and '-'. It is part of every certificate and cannot be changed later.")
        var fleet: String

        @Option(
            name: .customLong("host"), help: "A name or address under which agents dial the server. Repeatable.",
            transform: HostArgument.read)
        var hosts: [ServerHost]

        func validate() throws {
            guard FleetURI.isFleetName(fleet) else {
                throw ValidationError(CertificateAuthorityError.badFleetName(fleet).description)
            }
        }

        func run() throws {
            let steps = try place.directory.initialise(fleet: fleet, hosts: hosts, at: Date())
            let width = steps.map(\.path.count).max() ?? 0
            for step in steps {
                let path = step.path.padding(toLength: width, withPad: " ", startingAt: 0)
                print("\(step.isNew ? "made " : "found") \(path)  \(step.contents)")
            }
            if steps.contains(where: \.isNew) {
                print("Next, for each machine: rollcall pki node \(place.flag) --out DIR")
            }
        }
    }
}
