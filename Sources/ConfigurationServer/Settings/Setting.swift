internal import EventLoop
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

/// One thing that can be set: its name as a flag (`--heartbeat-interval`), a variable (`ROLLCALL_HEARTBEAT_INTERVAL`) and a
/// key of the file (`heartbeat-interval`), and how its text is read. The table is the one place that knows all of them;
/// help, file and documentation are checked against it.
public struct Setting: Sendable {
    /// The name, in kebab case.
    public let name: String
    /// What goes there: "DURATION", "ADDRESS:PORT", "COUNT", "PATH".
    public let kind: String
    /// What it means, in one sentence.
    public let meaning: String
    /// The default in words.
    public let standard: String
    /// May be given several times.
    public let isList: Bool
    /// Reads the texts into the settings; returns what is wrong with them, nil if nothing is.
    let apply: @Sendable ([String], inout ServerSettings) -> String?

    /// The variable's name.
    public var variable: String { "ROLLCALL_" + name.uppercased().replacing("-", with: "_") }

    /// Every setting of `rollcall serve`, in the order in which the documentation lists them.
    public static let all: [Setting] = [
        Setting(
            "data", "PATH", "Data directory: registry, lock, operators' socket, certificates.", "/var/lib/rollcall",
            text(\.data)),
        Setting(
            "listen", "ADDRESS:PORT", "Address to listen on; several may be given.", "[::]:443 and 0.0.0.0:443",
            isList: true
        ) { texts, settings in
            var addresses: [SocketAddress] = []
            for text in texts {
                guard let address = SocketAddress(parsing: text) else {
                    return "“\(text)” is not an address with a port; write 192.0.2.7:443 or [2001:db8::7]:443"
                }
                addresses.append(address)
            }
            settings.listen = addresses
            settings.listenWasGiven = true
            return nil
        },
        Setting(
            "loops", "COUNT", "Event loops, each with a thread of its own.", "one for each processor",
            count(\.loops, in: 1...256)),
        Setting(
            "hostname", "NAME", "What this server is called in messages and remedies.", "the machine's host name",
            text(\.hostname)),
        Setting(
            "certificate", "PATH", "Server certificate and its chain, PEM.", "DATA/pki/server.pem",
            optional(\.certificate)),
        Setting(
            "key", "PATH", "Private key of the server certificate, PEM.", "DATA/pki/server.key",
            optional(\.key)),
        Setting(
            "ca", "PATH", "Certificate of the fleet's authority, PEM.", "DATA/pki/ca.pem",
            optional(\.authority)),
        Setting(
            "passphrase-verifier", "PATH",
            "What rollcall pki passphrase keeps of the fleet's passphrase; with it machines may enrol, and the CA's key is read.",
            "none: nobody enrols",
            optional(\.passphraseVerifier)),
        Setting(
            "ca-key", "PATH", "Private key of the fleet's authority, for enrolment only.", "DATA/pki/ca.key",
            optional(\.authorityKey)),
        Setting(
            "tls-records", "own|openssl", "Who runs the records of TLS 1.3 connections after the handshake.", "own"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let records = TLSRecords(rawValue: text) else { return "“\(text)” is neither own nor openssl" }
            settings.tlsRecords = records
            return nil
        },
        Setting(
            "heartbeat-interval", "DURATION", "How often agents send a heartbeat.", "30s",
            duration(\.registry.heartbeatInterval)),
        Setting(
            "suspect-after", "DURATION", "Silence after which a node is suspect, whatever its path.",
            "2 × heartbeat-interval", duration(\.registry.suspectAfter)),
        Setting(
            "suspect-after-min", "DURATION", "Nobody is suspect sooner, however quick its path.",
            "1.05 × heartbeat-interval", duration(\.registry.suspectAfterMin)),
        Setting(
            "suspicion-margin", "FACTOR", "Between them: more is more careful, less is quicker.", "1"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Double(text), (0.001...1_000).contains(value) else {
                return "“\(text)” is not a number from 0.001 to 1000"
            }
            settings.registry.suspicionMargin = value
            return nil
        },
        Setting(
            "unreachable-after", "DURATION", "Silence after which a node is unreachable.", "3 × heartbeat-interval",
            duration(\.registry.unreachableAfter)),
        Setting(
            "flapping-count", "COUNT", "Lost and back so often within flapping-window is told as flapping.", "4",
            count(\.registry.flappingCount, in: 2...20)),
        Setting(
            "flapping-window", "DURATION", "See flapping-count.", "20 × unreachable-after",
            duration(\.registry.flappingWindow)),
        Setting(
            "flapping-quiet", "DURATION", "What flaps is told so until it stayed one way for this long.",
            "5 × unreachable-after", duration(\.registry.flappingQuiet)),
        Setting(
            "adopt-by-hardware", "yes|no",
            "A machine with a new key takes the entry of one that is away and has its hardware.", "yes"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard text == "yes" || text == "no" else { return "“\(text)” is neither yes nor no" }
            settings.registry.adoptsByHardware = text == "yes"
            return nil
        },
        Setting(
            "ask-suspects", "off|connection|machine",
            "Whom the server asks before it judges a silent node: nobody, its agent, or its machine, too.", "connection"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let policy = AskPolicy(rawValue: text) else { return "“\(text)” is none of off, connection, machine" }
            settings.registry.askSuspects = policy
            return nil
        },
        Setting(
            "asks-per-second", "COUNT", "How many questions it asks about the whole fleet; a fifth as many machines.",
            "100", count(\.registry.asksPerSecond, in: 1...10_000)),
        Setting(
            "homecoming", "DURATION", "After a start, nobody is judged for this long.", "3 × heartbeat-interval",
            duration(\.registry.homecomingGrace)),
        Setting(
            "last-seen-save-interval", "DURATION", "How often last-seen times are written.", "30s",
            duration(\.registry.lastSeenSaveInterval)),
        Setting(
            "handshake-timeout", "DURATION", "How long a TLS handshake may take.", "10s", duration(\.handshakeTimeout)),
        Setting(
            "first-message-timeout", "DURATION", "How long after it the first request may take.", "10s",
            duration(\.firstMessageTimeout)),
        Setting(
            "idle-timeout", "DURATION", "Silence after which a connection is reset.", "2 × unreachable-after",
            duration(\.idleTimeout)),
        Setting(
            "operator-idle-timeout", "DURATION", "The same for an operator's connection that watches nothing.", "10m",
            duration(\.operatorIdleTimeout)),
        Setting(
            "max-connections", "COUNT", "Connections on the port.", "what the descriptor limit allows, less 256",
            count(\.maxConnections, in: 1...10_000_000)),
        Setting(
            "max-unauthenticated", "COUNT", "Of those, how many may not have proven who they are.", "4096",
            count(\.maxUnauthenticated, in: 1...10_000_000)),
        Setting(
            "pending-output-limit", "SIZE", "Output that may wait for a slow reader before its connection is closed.",
            "4MiB"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let size = ByteSize.parse(text), (64 * 1024...1 << 30).contains(size) else {
                return "“\(text)” is not a size from 64KiB to 1GiB"
            }
            settings.pendingOutputMax = size
            return nil
        },
        Setting(
            "come-back-after", "DURATION",
            "When the server stops, agents are asked to stay away for at least this long.",
            "2s", duration(\.comeBackAfter)),
        Setting(
            "drain-for", "DURATION",
            "When the server stops, it listens and answers “draining” for this long; 0s: until everybody has gone.",
            "0s"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Duration(text: text), value <= .seconds(600) else {
                return "“\(text)” is not a duration from 0s to 10m"
            }
            settings.drainFor = value
            return nil
        },
        Setting(
            "admissions-per-second", "COUNT", "Agents let in each second and loop while a fleet comes back.",
            "half of what handshakes are measured to allow"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Int(text), (1...100_000).contains(value) else {
                return "“\(text)” is not a whole number from 1 to 100000"
            }
            settings.admissionsPerSecond = value
            return nil
        },
        Setting(
            "resume-within", "DURATION",
            "For this long a node may come back without showing its certificate again; 0s: never.", "24h"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Duration(text: text), value == .zero || value >= .seconds(60),
                value <= .seconds(7 * 86_400)
            else { return "“\(text)” is not 0s or a duration from 1m to 7d (RFC 8446 section 4.6.1)" }
            settings.resumeWithin = value
            return nil
        },
        Setting(
            "gather-arrivals", "DURATION", "A loop at rest waits this long for more before it serves; 0s: never.", "2ms"
        ) { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Duration(text: text), value <= .milliseconds(100) else {
                return "“\(text)” is not a duration from 0ms to 100ms"
            }
            settings.gatherArrivals = value
            return nil
        },
    ]

    /// Settings that the command line and the file share but the server does not read itself.
    public static let logLevel = Setting(
        "log-level", "LEVEL", "trace, debug, info, notice, warning, error or critical.", "info", { _, _ in nil })

    private init(
        _ name: String, _ kind: String, _ meaning: String, _ standard: String, isList: Bool = false,
        _ apply: @escaping @Sendable ([String], inout ServerSettings) -> String?
    ) {
        self.name = name
        self.kind = kind
        self.meaning = meaning
        self.standard = standard
        self.isList = isList
        self.apply = apply
    }

    private typealias Apply = @Sendable ([String], inout ServerSettings) -> String?

    private static func text(_ path: any WritableKeyPath<ServerSettings, String> & Sendable) -> Apply {
        { texts, settings in
            guard let text = texts.last else { return nil }
            guard !text.isEmpty else { return "is empty" }
            settings[keyPath: path] = text
            return nil
        }
    }

    /// One that may be left out; what it is without stands with the setting.
    private static func optional(_ path: any WritableKeyPath<ServerSettings, String?> & Sendable) -> Apply {
        { texts, settings in
            settings[keyPath: path] = texts.last
            return nil
        }
    }

    private static func count(
        _ path: any WritableKeyPath<ServerSettings, Int> & Sendable, in range: ClosedRange<Int>
    ) -> Apply {
        { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Int(text), range.contains(value) else {
                return "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            settings[keyPath: path] = value
            return nil
        }
    }

    private static func duration(_ path: any WritableKeyPath<ServerSettings, Duration> & Sendable) -> Apply {
        { texts, settings in
            guard let text = texts.last else { return nil }
            guard let value = Duration(text: text), value > .zero else {
                return "“\(text)” is not a duration; write it as in 500ms, 30s, 15m, 2h"
            }
            settings[keyPath: path] = value
            return nil
        }
    }
}

/// Sizes as people write them.
enum ByteSize {
    /// "65536", "64KiB", "4MiB", "1GiB"; nil for anything else.
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let factor: Int
        switch text.dropFirst(digits.count) {
        case "", "B": factor = 1
        case "KiB": factor = 1 << 10
        case "MiB": factor = 1 << 20
        case "GiB": factor = 1 << 30
        default: return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
