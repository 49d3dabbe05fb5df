public import EventLoop
public import Registry
public import SecureTransport

/// Everything an operator can set about a server. Made by `SettingsReader` from flags, variables and a file.
public struct ServerSettings: Sendable {
    /// The data directory: registry, lock, local socket, certificates.
    public var data: String = "/var/lib/rollcall"
    /// Addresses to listen on.
    public var listen: [SocketAddress] = Self.defaultListen
    /// Whether the addresses were asked for; if not, a family that the machine does not have is left out.
    public var listenWasGiven = false
    /// Loops, each with its thread and its listening sockets.
    public var loops: Int = 1
    /// What this machine is called in messages and remedies.
    public var hostname: String = "configuration-server"
    /// The fleet, read from the server's certificate.
    public var fleet: String = ""
    /// Server certificate with its chain, PEM. Nil: `pki/server.pem` in the data directory.
    public var certificate: String?
    /// Its private key, PEM. Nil: `pki/server.key`.
    public var key: String?
    /// The authority that clients' certificates come from, PEM. Nil: `pki/ca.pem`.
    public var authority: String?
    /// The authority's private key, PEM. Nil: `pki/ca.key`.
    public var authorityKey: String?
    /// What the server keeps of the fleet's passphrase. Nil: nobody enrols, and the authority's key is not read.
    public var passphraseVerifier: String?
    /// Who runs the records of TLS 1.3 connections once their handshake is done.
    public var tlsRecords = TLSRecords.own
    /// Intervals and thresholds of the registry.
    public var registry = RegistrySettings()
    /// How long a TLS handshake may take.
    public var handshakeTimeout = Duration.seconds(10)
    /// How long after it the first request may take.
    public var firstMessageTimeout = Duration.seconds(10)
    /// How long a connection may be silent before it is reset. For a registered node at least `unreachable-after`.
    public var idleTimeout = Duration.seconds(180)
    /// How long an operator's connection without a watch may be silent.
    public var operatorIdleTimeout = Duration.seconds(600)
    /// Connections on the port, of everybody.
    public var maxConnections: Int = 15_000
    /// Of those, how many may not have proven who they are.
    public var maxUnauthenticated: Int = 4096
    /// Output that may wait for a slow reader, in bytes, before its connection is closed.
    public var pendingOutputMax: Int = 4 * 1024 * 1024
    /// When the server stops: the first agent is asked to come back after this.
    public var comeBackAfter = Duration.seconds(2)
    /// When the server stops: it goes on listening for at least this long, and answers everybody that it drains.
    public var drainFor = Duration.zero
    /// How many agents are let in each second on each loop while a fleet comes back. Nil: what handshakes were measured to cost.
    public var admissionsPerSecond: Int?
    /// How long after its last handshake a node may come back without showing its certificate. Zero: never.
    public var resumeWithin = Duration.seconds(86_400)
    /// How long a loop at rest lets arrivals gather before it serves them together.
    public var gatherArrivals = Duration.milliseconds(2)
    /// What the kernel allows the process; measured at the start.
    public var descriptorLimit: Int = 1024

    /// The defaults.
    public init() {}

    /// Everywhere, on the port agents dial.
    public static let defaultListen: [SocketAddress] = [
        SocketAddress(host: "::", port: 443), SocketAddress(host: "0.0.0.0", port: 443),
    ].compactMap { $0 }

    /// How often deadlines are looked at: fine enough for the intervals, and no finer than every 5 ms.
    var tickPeriod: Duration {
        min(max(registry.suspectAfter / 20, .milliseconds(5)), .milliseconds(100))
    }

    /// The certificate's path.
    public var certificatePath: String { certificate ?? data + "/pki/server.pem" }
    /// The key's path.
    public var keyPath: String { key ?? data + "/pki/server.key" }
    /// The path of the authority's key; read only by a server that enrols machines.
    public var authorityKeyPath: String { authorityKey ?? data + "/pki/ca.key" }
    /// The authority's path.
    public var authorityPath: String { authority ?? data + "/pki/ca.pem" }
}
