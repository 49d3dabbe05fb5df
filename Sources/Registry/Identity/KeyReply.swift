/// What an operator's word about two entries came to.
public enum KeyReply: Equatable, Sendable {
    /// Both are one machine: the second entry, under the key of the first.
    case united(NodeID, key: NodeID)
    /// The entry's machine gets an entry of its own under its key; the key before is let in again.
    case apart(NodeID, key: NodeID, before: NodeID)
    /// The entry is a machine of its own, whatever its hardware says.
    case itsOwn(NodeID)
    /// Nothing was changed, and why.
    case refused(KeyRefusal)
}

/// Why an operator's word about two entries is not followed.
public enum KeyRefusal: Equatable, Sendable {
    /// No such node.
    case unknown(NodeID)
    /// One entry was named twice.
    case same(hostname: String)
    /// The entry that is to be taken over is here.
    case isHere(hostname: String, address: String)
    /// They have different roles.
    case roles(String, String)
    /// The registry cannot be written now.
    case notWritable(reason: String)
}

extension KeyRefusal: CustomStringConvertible {
    /// The thing, the fact, and what to do.
    public var description: String {
        switch self {
        case .unknown(let id): "no node has the id \(id)"
        case .same(let hostname): "\(hostname) was named twice; say which two entries are one machine"
        case .isHere(let hostname, let address):
            "\(hostname) is here (\(address)): it cannot be the machine that came with another key. Stop its agent first"
        case .roles(let role, let other): "one is a \(role), the other a \(other): a role is fixed, they stay two"
        case .notWritable(let reason): "the registry cannot be written now (\(reason)); try again later"
        }
    }
}
