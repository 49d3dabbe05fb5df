/// Why a registration or a report is refused. `description` is for the agent's log: the field, the fact, the next step.
public enum RegistrationRefusal: Error, Equatable, Sendable {
    /// A required field is empty.
    case missing(field: String)
    /// A text is too long, in bytes.
    case tooLong(field: String, bytes: Int, bytesMax: Int)
    /// A list is too long.
    case tooMany(field: String, count: Int, countMax: Int)
    /// A value cannot be what it is meant to be; `why` completes "field: ".
    case malformed(field: String, why: String)
    /// Two services of one name.
    case duplicateService(name: String)
    /// Addresses were given, and none of them can be reached from another machine.
    case noUsableAddress(given: [String])
    /// A node's role is fixed at its first registration.
    case roleDiffers(hostname: String, registered: Role, given: Role)
    /// Its identity belongs to a machine that is here; both in words, and what to do.
    case duplicateIdentity(holder: String, comer: String, remedy: String)
    /// Its machine came back with another key, by which it is known since then; and what to do.
    case keyReplaced(hostname: String, by: NodeID, since: Instant, remedy: String)
    /// The registry is full.
    case nodeLimit(nodesMax: Int)
    /// The registry knows too many sites.
    case siteLimit(site: String, sitesMax: Int)
    /// The registry cannot be written now; heartbeats of registered nodes go on.
    case registryNotWritable(reason: String)
    /// A report on a session that has not registered.
    case notRegistered

    /// Whether trying again later, with the same facts, can succeed (UNAVAILABLE, not INVALID_ARGUMENT).
    public var isTemporary: Bool {
        switch self {
        case .registryNotWritable: true
        default: false
        }
    }
}

extension RegistrationRefusal: CustomStringConvertible {
    /// A clear sentence that names the field, the fact and what to do.
    public var description: String {
        switch self {
        case .missing(let field):
            "\(field) is missing: a registration needs it; set it in the agent's settings"
        case .tooLong(let field, let bytes, let bytesMax):
            "\(field) has \(bytes) bytes, at most \(bytesMax) are accepted; shorten it"
        case .tooMany(let field, let count, let countMax):
            "\(field) has \(count) entries, at most \(countMax) are accepted; report fewer"
        case .malformed(let field, let why):
            "\(field): \(why)"
        case .duplicateService(let name):
            "services has two entries named \"\(name)\"; names are unique within a node, rename or remove one"
        case .noUsableAddress(let given):
            "addresses has no usable address: \(given.joined(separator: ", ")) cannot be reached from another machine; "
                + "give a network interface an IPv4 or IPv6 address"
        case .roleDiffers(let hostname, let registered, let given):
            "\(hostname) is registered as \(registered.phrase) and now says it is \(given.phrase); a role is fixed: "
                + "give the machine a new identity for its new role, or correct the agent's --role"
        case .duplicateIdentity(let holder, let comer, let remedy):
            "two machines use one identity: \(holder) is here with it, and this is \(comer). \(remedy)"
        case .keyReplaced(let hostname, let key, let since, let remedy):
            "this key is not let in any more: since \(since.dayText) \(since.clockTime) \(hostname) is known by key \(key). "
                + remedy
        case .nodeLimit(let nodesMax):
            "the registry holds its limit of \(nodesMax) nodes; remove nodes that are gone, or use another server"
        case .siteLimit(let site, let sitesMax):
            "site \"\(site)\" is new, and the registry holds its limit of \(sitesMax) sites; use an existing site's name"
        case .registryNotWritable(let reason):
            "the registry cannot be written now (\(reason)); nothing was registered, try again later"
        case .notRegistered:
            "not registered on this connection; register first"
        }
    }
}

extension Role {
    /// With its article, for sentences: "a mobility agent".
    public var phrase: String { "a \(name)" }

    /// As people say it: "mobility agent".
    public var name: String {
        switch self {
        case .mobilityAgent: "mobility agent"
        case .processServer: "process server"
        case .masterTarget: "master target"
        }
    }
}
