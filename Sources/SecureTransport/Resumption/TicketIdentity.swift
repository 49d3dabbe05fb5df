/// What a ticket says of its holder instead of carrying its certificate: the facts that were proven when the certificate was
/// shown, and enough of it to ask at each return whether it still holds. About 110 bytes, sealed with the ticket.
struct TicketIdentity: Equatable {
    /// Who the certificate said it was.
    var peer: PeerIdentity
    /// When the holder last proved that it has the certificate's key, seconds since 1970-01-01 UTC.
    var provenAt: Int64
    /// Which authorities were trusted then (`AuthorityTag`).
    var authority: UInt64

    /// 2 has the issuer's tag; what 1 wrote is not read: its holder shows its certificate once more.
    private static let version: UInt8 = 2

    /// The bytes that go into the ticket.
    var bytes: [UInt8] {
        var bytes = [Self.version]
        for number in [
            peer.notBeforeUnixSeconds, peer.notAfterUnixSeconds, provenAt, Int64(bitPattern: authority),
            Int64(peer.issuerTag),
        ] {
            forEachByte(number) { bytes.append($0) }
        }
        bytes.append(UInt8(peer.serialNumber.count))
        bytes += peer.serialNumber
        return bytes + Array(peer.uri.utf8)
    }

    /// Reads what `bytes` wrote; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 42, bytes[0] == Self.version else { return nil }
        func number(_ index: Int) -> Int64 {
            bytes[(1 + 8 * index)..<(9 + 8 * index)].reduce(0) { $0 << 8 | Int64($1) }
        }
        let serialEnd = 42 + Int(bytes[41])
        guard bytes.count > serialEnd else { return nil }
        let uri = String(decoding: bytes[serialEnd...], as: UTF8.self)
        guard
            let peer = PeerIdentity(
                uri: uri, notAfterUnixSeconds: number(1), notBeforeUnixSeconds: number(0),
                serialNumber: Array(bytes[42..<serialEnd]), issuerTag: UInt32(truncatingIfNeeded: number(4)))
        else { return nil }
        self.init(peer: peer, provenAt: number(2), authority: UInt64(bitPattern: number(3)))
    }

    init(peer: PeerIdentity, provenAt: Int64, authority: UInt64) {
        self.peer = peer
        self.provenAt = provenAt
        self.authority = authority
    }

    private func forEachByte(_ number: Int64, _ body: (UInt8) -> Void) {
        for shift in stride(from: 56, through: 0, by: -8) { body(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }
}
