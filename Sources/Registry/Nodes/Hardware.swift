/// By what a machine is known that outlives its operating system. It is the machine's own word: whoever has an identity
/// of the fleet can say anything, so it never takes a living machine's place.
public struct Hardware: Equatable, Sendable {
    /// What its firmware or its hypervisor calls it: the product UUID of SMBIOS as a rule. Empty where unknown.
    public var id: String
    /// Its physical network cards. Cards are replaced, so they only deny: a machine that has none in common with another
    /// one is a copy of it.
    public var networkCards: [NetworkCard]

    /// Hardware; what is not given is unknown.
    public init(id: String = "", networkCards: [NetworkCard] = []) {
        self.id = id
        self.networkCards = networkCards
    }

    /// Hardware as it is kept and sent; cards that cannot be read are left out.
    public init(id: String, networkCards: [String]) {
        self.init(id: id, networkCards: networkCards.compactMap(NetworkCard.init))
    }

    /// Whether both name themselves alike.
    func hasName(of other: Hardware) -> Bool { !id.isEmpty && id == other.id }

    /// Whether some card is in both, or one of them told of none.
    func sharesCard(with other: Hardware) -> Bool {
        networkCards.isEmpty || other.networkCards.isEmpty
            || !Set(networkCards).isDisjoint(with: other.networkCards)
    }
}

/// A network card, by its hardware address (EUI-48).
public struct NetworkCard: Hashable, Sendable {
    /// The six bytes, the first one highest.
    let bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    /// The card with this address, "52:54:00:12:34:56" in either case; nil if it is none, or one that says nothing: zeros,
    /// or a group's.
    public init?(_ text: some StringProtocol) {
        let bytes = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt8($0, radix: 16) }
        guard bytes.count == 6, text.utf8.count == 17 else { return nil }
        var bits: UInt64 = 0
        for byte in bytes {
            guard let byte else { return nil }
            bits = bits << 8 | UInt64(byte)
        }
        guard bits != 0, bits >> 40 & 1 == 0 else { return nil }
        self.bits = bits
    }
}

extension NetworkCard: CustomStringConvertible {
    /// Six pairs of small hexadecimal digits, with colons.
    public var description: String {
        (0..<6).map { position in
            let byte = UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * position))
            return String(decoding: [(byte >> 4).digit, (byte & 15).digit], as: UTF8.self)
        }.joined(separator: ":")
    }
}
