import AgentClient
import ArgumentParser
import ConnectivityProbe
import ErrorCatalogue
import EventLoop
import Foundation
import SecureTransport

/// How a probe dials, and what it shows: what every manner of probing takes.
struct ProbeOptions: ParsableArguments {
    @Option(
        name: .long, help: "Directory with identity.pem, identity.key and ca.pem: shows the identity, trusts the CA.")
    var identity: String?

    @Option(name: .long, help: "The fleet's CA certificate, PEM: says whether the server is the fleet's.")
    var ca: String?

    @Option(name: .long, help: "The certificate to show, PEM, in place of the one in --identity; with --key.")
    var cert: String?

    @Option(name: .long, help: "Its private key, PEM.")
    var key: String?

    @Option(name: .long, help: ArgumentHelp("Ask for this name in TLS, in place of the host.", valueName: "name"))
    var sni: String?

    @Option(name: .long, help: ArgumentHelp("Go through this HTTP proxy (CONNECT).", valueName: "host:port"))
    var proxy: String?

    @Option(name: .long, help: "Dial from this address of this machine.")
    var source: String?

    @Option(name: .long, help: "Leave by this interface: eth1, wg0.")
    var interface: String?

    @Flag(name: .customShort("4"), help: "IPv4 addresses only.")
    var onlyIPv4 = false

    @Flag(name: .customShort("6"), help: "IPv6 addresses only.")
    var onlyIPv6 = false

    @Option(name: .long, help: "The longest that any one step may take. (default: 5s, each step its own)")
    var timeout: Duration?

    @Flag(name: .long, help: "Only whether it works: no ping, no packet sizes, no name servers.")
    var quick = false

    @Option(name: .long, help: "Language of the verdict: en, zh-Hant. (default: as $LANG says)")
    var lang: Language?

    @Flag(name: .long, help: "Print one JSON document instead of text.")
    var json = false

    func validate() throws {
        if onlyIPv4, onlyIPv6 {
            throw ValidationError("-4 and -6 exclude each other: leave both out to try every address.")
        }
        if let timeout, timeout < .milliseconds(10) || timeout > .seconds(600) {
            throw ValidationError("--timeout is \(timeout.text): it can be 10ms to 10m.")
        }
        if (cert == nil) != (key == nil) {
            throw ValidationError("--cert and --key belong together: give both, or neither.")
        }
        if let source, SocketAddress(host: source, port: 0) == nil {
            throw ValidationError("--source is '\(source)': write an address of this machine as numbers.")
        }
    }

    /// The language of the words.
    var language: Language {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return lang ?? locale.flatMap(Language.init(tag:)) ?? .english
    }

    /// Everything for a probe of one target.
    /// - Throws: `ValidationError`, `ClientError`, `TLSError` that name what cannot be used.
    func settings(for target: ServerName) throws -> ProbeSettings {
        var settings = ProbeSettings(target: target)
        settings.family = onlyIPv4 ? .ipv4 : onlyIPv6 ? .ipv6 : nil
        settings.isQuick = quick
        settings.serverName = sni
        settings.proxy = try proxy.map { try ServerName(parsing: $0) }
        settings.dial.source = source.flatMap { SocketAddress(host: $0, port: 0) }
        settings.dial.interface = interface
        settings.environment = ProcessInfo.processInfo.environment
        if let timeout { settings.limits.limitEachStep(to: timeout) }
        settings.credentials = try credentials()
        return settings
    }

    private func credentials() throws -> ProbeSettings.Credentials? {
        let own = try identity.map { try ClientCredentials(identityDirectory: $0) }
        var shown = own?.identity
        if let cert, let key {
            shown = try TLSIdentity(certificatePEM: text(cert), keyPEM: text(key), source: cert)
        }
        if let ca {
            let trust = TLSContext.Trust.authorities(pem: try text(ca), source: ca)
            return .init(context: try TLSContext.client(servers: trust), authoritySource: ca, identity: shown)
        }
        if let own, let identity {
            return .init(context: own.context, authoritySource: identity + "/ca.pem", identity: shown)
        }
        if shown != nil {
            throw ValidationError(
                "--cert needs --ca FILE: an identity is shown only to a server that the CA vouches for.")
        }
        return nil
    }

    private func text(_ path: String) throws -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path): cannot be read. Check the name and who may read it.")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
