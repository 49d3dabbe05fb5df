public import Foundation

/// Why a certificate or key could not be made, read or written. Its text names the thing, the fact and the next step.
public enum CertificateAuthorityError: Error, Equatable, Sendable {
    /// Not a fleet's name.
    case badFleetName(String)
    /// Not an operator's name.
    case badOperatorName(String)
    /// Not a name that a node's certificate can show.
    case badNodeName(String)
    /// Neither a DNS name nor an address.
    case badHost(String, why: String)
    /// A server certificate needs at least one name or address.
    case noHosts
    /// A file that must be there is not.
    case missing(path: String, next: String)
    /// A file or directory cannot be read.
    case unreadable(path: String, why: String)
    /// A file or directory cannot be written.
    case unwritable(path: String, why: String)
    /// A file that would be written exists already.
    case exists(path: String, next: String)
    /// A file is there, but holds no certificate or no key that can be used.
    case unusable(path: String, why: String)
    /// Others than the owner may read a private key.
    case exposedKey(path: String, mode: Int)
    /// The private key does not belong to the certificate.
    case keyDoesNotBelong(key: String, certificate: String)
    /// The CA is not valid at the time a certificate was to be issued.
    case authorityNotValid(from: Date, until: Date)
    /// A directory holds the certificates of another fleet.
    case otherFleet(path: String, has: String, wanted: String)
}

extension CertificateAuthorityError: CustomStringConvertible {
    /// One line for a person.
    public var description: String {
        switch self {
        case .badFleetName(let name):
            "'\(name)' cannot name a fleet: use 1 to 63 of a-z, 0-9 and -, for example --fleet site-a."
        case .badOperatorName(let name):
            "'\(name)' cannot name an operator: use 1 to 63 of a-z, 0-9, '.', '_' and '-',"
                + " starting with a letter or digit."
        case .badNodeName(let name):
            "'\(name)' cannot name a node: use 1 to 64 letters, digits, '.', '_' and '-', for example its host name."
        case .badHost(let host, let why):
            "'\(host)' cannot be a host of the server: \(why)."
        case .noHosts:
            "A server certificate needs the names and addresses that agents dial: add --host NAME (repeatable)."
        case .missing(let path, let next):
            "\(path) is not there. \(next)"
        case .unreadable(let path, let why):
            "Cannot read \(path): \(why)."
        case .unwritable(let path, let why):
            "Cannot write \(path): \(why)."
        case .exists(let path, let next):
            "\(path) is there already and is left alone. \(next)"
        case .unusable(let path, let why):
            "\(path) cannot be used: \(why)."
        case .exposedKey(let path, let mode):
            "\(path) is a private key that others may read (mode \(String(mode, radix: 8))). Type: chmod 600 \(path)"
        case .keyDoesNotBelong(let key, let certificate):
            "The key in \(key) does not belong to the certificate in \(certificate): one of them was replaced."
                + " Put the matching file back, or make both anew."
        case .authorityNotValid(let from, let until):
            "The fleet's CA is valid from \(from.certificateDay) to \(until.certificateDay) only and cannot issue now."
                + " Check this machine's clock; if it is right, make a new CA in another directory: rollcall pki init."
        case .otherFleet(let path, let has, let wanted):
            "\(path) belongs to the fleet '\(has)', not to '\(wanted)'. Use --fleet \(has), or another directory."
        }
    }
}

extension Date {
    /// The day in UTC, `2026-11-25`: how messages show a certificate's dates.
    var certificateDay: String { formatted(.iso8601.year().month().day()) }
}
