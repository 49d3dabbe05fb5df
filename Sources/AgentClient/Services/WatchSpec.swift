/// A service to watch, and how: `NAME=systemd:UNIT`, `NAME=process:EXE`, `NAME=pidfile:PATH`, `NAME=tcp:[HOST:]PORT`.
public struct WatchSpec: Equatable, Sendable {
    /// How a service is seen.
    public enum Method: Equatable, Sendable {
        /// A systemd unit, as systemd knows it.
        case systemd(unit: String)
        /// A running process: its executable's path if there is a slash in it, else its name.
        case process(executable: String)
        /// The process that a pid file names.
        case pidFile(path: String)
        /// Something that takes connections.
        case tcp(host: String, port: UInt16)
    }

    /// The forms, for messages and help.
    public static let forms = "NAME=systemd:UNIT, NAME=process:EXE, NAME=pidfile:PATH or NAME=tcp:[HOST:]PORT"
    /// What the protocol allows for a name and for a unit.
    static let nameBytesMax = 128
    /// Services one agent can watch: as many as fit into one message of 64 KiB with the longest texts.
    public static let countMax = 64

    /// What operators call the service.
    public let name: String
    /// How it is seen.
    public let method: Method

    /// A service with a name, and how it is seen.
    public init(name: String, method: Method) {
        self.name = name
        self.method = method
    }

    /// Reads one of the four forms.
    /// - Throws: `WatchSpecError` that names the part at fault.
    public init(parsing text: String) throws(WatchSpecError) {
        guard let equals = text.firstIndex(of: "=") else {
            throw WatchSpecError(text, "there is no '=' after the service's name")
        }
        let name = text[..<equals].trimmed
        guard !name.isEmpty else { throw WatchSpecError(text, "there is no name before '='") }
        guard name.utf8.count <= Self.nameBytesMax else {
            throw WatchSpecError(text, "the name is longer than \(Self.nameBytesMax) bytes")
        }
        let rest = text[text.index(after: equals)...]
        guard let colon = rest.firstIndex(of: ":") else {
            throw WatchSpecError(text, "there is no ':' after '\(rest.trimmed)'")
        }
        let kind = rest[..<colon].trimmed
        let value = rest[rest.index(after: colon)...].trimmed
        self.init(name: name, method: try Self.method(kind, value, in: text))
    }

    private static func method(_ kind: String, _ value: String, in text: String) throws(WatchSpecError) -> Method {
        guard ["systemd", "process", "pidfile", "tcp"].contains(kind) else {
            throw WatchSpecError(text, "'\(kind)' is not a way to watch a service")
        }
        guard !value.isEmpty else { throw WatchSpecError(text, "there is nothing after '\(kind):'") }
        switch kind {
        case "systemd":
            return .systemd(unit: try unit(value, in: text))
        case "process":
            guard !value.contains("/") || value.hasPrefix("/") else {
                throw WatchSpecError(text, "'\(value)' must be a full path or a name without '/'")
            }
            return .process(executable: value)
        case "pidfile":
            guard value.hasPrefix("/") else { throw WatchSpecError(text, "'\(value)' must be a full path") }
            return .pidFile(path: value)
        default:
            return try tcp(value, in: text)
        }
    }

    /// A unit's full name. Characters that systemd does not allow are refused here: a name that begins with '-' would be
    /// an option of systemctl.
    private static func unit(_ value: String, in text: String) throws(WatchSpecError) -> String {
        let allowed = value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ":-_.\\@".contains($0)) }
        guard allowed, !value.hasPrefix("-"), value.utf8.count <= nameBytesMax - ".service".utf8.count else {
            throw WatchSpecError(text, "'\(value)' is not the name of a systemd unit")
        }
        let types = [
            "service", "socket", "timer", "target", "path", "mount", "automount", "swap", "slice", "scope", "device",
        ]
        let hasType = value.lastIndex(of: ".").map { types.contains(String(value[value.index(after: $0)...])) } ?? false
        return hasType ? value : value + ".service"
    }

    private static func tcp(_ value: String, in text: String) throws(WatchSpecError) -> Method {
        var host = "localhost"
        var port = value[...]
        if let colon = value.lastIndex(of: ":") {
            host = String(value[..<colon])
            port = value[value.index(after: colon)...]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = String(host.dropFirst().dropLast())
            } else if host.contains(":") {
                throw WatchSpecError(text, "an IPv6 address stands in brackets: tcp:[::1]:9443")
            }
            guard !host.isEmpty else { throw WatchSpecError(text, "there is no host before ':\(port)'") }
        }
        guard let number = UInt16(port), number > 0 else {
            throw WatchSpecError(text, "'\(port)' is not a port from 1 to 65535")
        }
        return .tcp(host: host, port: number)
    }
}

/// Why a service to watch could not be read.
public struct WatchSpecError: Error, Equatable, CustomStringConvertible {
    /// What was typed.
    public let text: String
    /// The part at fault.
    public let fault: String

    init(_ text: String, _ fault: String) {
        self.text = text
        self.fault = fault
    }

    /// In one line, with the forms there are.
    public var description: String {
        "cannot watch '\(text.oneLine)': \(fault). Write \(WatchSpec.forms)."
    }
}
