import AgentClient
import ArgumentParser
import CertificateAuthority
import Foundation
import Logging
import SecureTransport

/// How a machine without an identity gets one.
struct EnrolmentOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "Get an identity by the fleet's passphrase first. Does nothing where one is there: may stand in a unit.")
    var enroll = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --enroll: read the passphrase from this file; - is standard input. (default: ask at the terminal)",
            valueName: "path"))
    var passphraseFile: String?

    @Flag(name: .long, help: "With --enroll: replace the identity that is there by one with a new key.")
    var enrollAnew = false

    func validate() throws {
        guard enroll || passphraseFile == nil && !enrollAnew else {
            throw ValidationError("--passphrase-file and --enroll-anew need --enroll.")
        }
    }
}

extension EnrolmentOptions {
    /// Makes the identity that the plan names, if that was asked for and it is not there.
    /// - Throws: `CommandFailure` in words for a log; nothing was overwritten then.
    func run(for plan: AgentPlan, logger: Logger) throws {
        guard enroll else { return }
        let directory = IdentityDirectory(plan.identity)
        guard enrollAnew || !directory.isTaken else {
            return logger.info("not enrolled again: an identity is there", metadata: ["identity": "\(plan.identity)"])
        }
        do {
            let passphrase =
                if let passphraseFile {
                    try Passphrase(file: passphraseFile)
                } else {
                    try Passphrase(asking: "Passphrase of the fleet of \(plan.server.host): ")
                }
            guard let hostname = plan.hostname ?? HostFacts().hostname else {
                throw CommandFailure("this machine has no host name: give it one, or --hostname")
            }
            let key = try directory.keyToEnrol(anew: enrollAnew)
            let enrolment = try Enrolment(
                server: plan.server, authorityPEM: try directory.authoritiesPEM(), source: directory.authority)
            let (identity, authoritiesPEM) = try enrolment.enrol(with: passphrase, hostname: hostname, key: key)
            try directory.write(enrolled: identity, authoritiesPEM: authoritiesPEM)
            logger.notice("enrolled", metadata: ["as": "\(identity.uri)", "identity": "\(plan.identity)"])
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("not enrolled: \(error)")
        }
    }
}
