internal import CertificateAuthority
internal import Foundation
internal import Registry
internal import SecureTransport
internal import Synchronization

/// Whom the server lets in, and what it shows: certificates, the list of revoked ones, and the keys of tickets. Read anew
/// while the server runs; the loops take what is there now. Any thread.
final class ServerTrust: Sendable {
    private struct State {
        /// One for each loop.
        var contexts: [TLSContext]
        var certificateUntil: Instant
        var issuers: IssuerNames
        var revocations: RevocationList
        /// Nil: nobody can enrol.
        var enrolment: EnrolmentDesk?
    }

    /// The fleet, from the server's certificate. It cannot change while the server runs.
    let fleet: String
    private let settings: ServerSettings
    private let keys: TicketKeyRing?
    private let state: Mutex<State?>
    private let gate: CertificateGate
    /// How many wrong passphrases are heard.
    let guesses = EnrolmentGuard()

    /// Reads everything.
    /// - Throws: `ServerError` naming the file at fault and the next step.
    init(_ settings: ServerSettings) throws(ServerError) {
        self.settings = settings
        keys = settings.resumeWithin > .zero ? TicketKeyFile.ring(for: settings) : nil
        let cell = Cell()
        gate = CertificateGate { peer in cell.trust?.objection(to: peer) }
        state = Mutex(nil)
        let (contexts, own, issuers) = try ServerCertificates.read(settings, gate: gate, tickets: keys)
        fleet = own.fleet
        let revocations = try Self.revocations(settings)
        let enrolment = try EnrolmentDesk.open(settings, fleet: own.fleet)
        state.withLock {
            $0 = State(
                contexts: contexts, certificateUntil: own.validUntil, issuers: issuers, revocations: revocations,
                enrolment: enrolment)
        }
        cell.trust = self
    }

    /// Breaks the circle between the gate, which asks this object, and this object, whose context asks the gate.
    private final class Cell: @unchecked Sendable {
        /// Written once, before the first connection.
        weak var trust: ServerTrust?
    }

    /// For new connections of a loop.
    func context(ofLoop index: Int) -> TLSContext {
        guard let context = state.withLock({ $0?.contexts[index] }) else {
            // Set before the initialiser returns, and never taken away.
            fatalError("a server without certificates")
        }
        return context
    }

    /// Until when the server's own certificate is valid.
    var certificateUntil: Instant { state.withLock { $0?.certificateUntil } ?? Instant(nanoseconds: 0) }

    /// What the issuer of a peer's certificate is called. The text is shared by all who ask for it.
    func issuer(tagged tag: UInt32) -> String { state.withLock { $0?.issuers[tag] } ?? "" }

    /// Where machines enrol; nil: they cannot.
    var enrolment: EnrolmentDesk? { state.withLock { $0?.enrolment } }

    /// Lines in the list of revoked certificates.
    var revokedCount: Int { state.withLock { $0?.revocations.entries.count ?? 0 } }

    /// Why a peer's certificate counts no more, in a sentence about the holder; nil while it does.
    func objection(to peer: PeerIdentity) -> String? {
        objection(serial: peer.serialNumber, uri: peer.uri, notBefore: peer.notBeforeUnixSeconds)
    }

    /// The same for what a session keeps of its peer.
    func objection(to proof: PeerProof, uri: @autoclosure () -> String) -> String? {
        guard state.withLock({ $0?.revocations.isEmpty == false }) else { return nil }
        return objection(serial: proof.serialNumber, uri: uri(), notBefore: proof.notBefore)
    }

    private func objection(serial: some Collection<UInt8>, uri: String, notBefore: Int64) -> String? {
        state.withLock { state in
            guard let list = state?.revocations, !list.isEmpty else { return nil }
            let entry = list.entry(
                serial: serial, uri: uri, notBefore: Date(timeIntervalSince1970: TimeInterval(notBefore)))
            return entry.map { "the certificate of \(uri) was \($0.phrase)" }
        }
    }

    /// Reads certificates and revocations anew: all of them, or nothing changes.
    /// - Throws: `ServerError` naming the file at fault; what was there stays.
    func reload() throws(ServerError) {
        let revocations = try Self.revocations(settings)
        // A certificate that cannot be read must not keep a revocation from counting.
        state.withLock { $0?.revocations = revocations }
        let (contexts, own, issuers) = try ServerCertificates.read(settings, gate: gate, tickets: keys)
        guard own.fleet == fleet else {
            throw ServerError(
                "\(settings.certificatePath) is now of fleet “\(own.fleet)”, this server runs fleet “\(self.fleet)”: put its own "
                    + "certificate back, or restart the server")
        }
        let enrolment = try EnrolmentDesk.open(settings, fleet: own.fleet)
        state.withLock {
            $0?.contexts = contexts
            $0?.enrolment = enrolment
            $0?.certificateUntil = own.validUntil
            $0?.issuers = issuers
        }
    }

    /// Makes a new ticket key where it is time, and keeps it. Returns what went wrong in keeping it, in one line.
    func rotateTicketKeys() -> String? {
        guard let keys, keys.rotate(at: Int64(Date().timeIntervalSince1970)) else { return nil }
        return TicketKeyFile.keep(keys, for: settings)
    }

    private static func revocations(_ settings: ServerSettings) throws(ServerError) -> RevocationList {
        do { return try RevocationList(path: settings.pki.revocations) } catch { throw ServerError("\(error)") }
    }
}

/// What a session keeps of its peer's certificate, to know it again on a list of revoked ones: 48 bytes, and none
/// elsewhere.
struct PeerProof: Equatable, BitwiseCopyable {
    /// When the certificate began to be valid, seconds since 1970-01-01 UTC.
    let notBefore: Int64
    /// When it ends.
    let notAfter: Int64
    // The serial number, at most 20 bytes (RFC 5280 section 4.1.2.2).
    private let serial: (UInt64, UInt64, UInt64)
    /// Names its issuer: `ServerTrust.issuer(tagged:)`.
    let issuerTag: UInt32

    init(_ peer: PeerIdentity) {
        notBefore = peer.notBeforeUnixSeconds
        notAfter = peer.notAfterUnixSeconds
        issuerTag = peer.issuerTag
        var parts: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for byte in peer.serialNumber.suffix(24) {
            parts = (parts.0 << 8 | parts.1 >> 56, parts.1 << 8 | parts.2 >> 56, parts.2 << 8 | UInt64(byte))
        }
        serial = parts
    }

    /// Its serial number, big-endian.
    var serialNumber: [UInt8] {
        [serial.0, serial.1, serial.2].flatMap { part in
            (0..<8).map { UInt8(truncatingIfNeeded: part >> (56 - 8 * UInt64($0))) }
        }
    }

    static func == (one: PeerProof, other: PeerProof) -> Bool {
        one.notBefore == other.notBefore && one.notAfter == other.notAfter && one.issuerTag == other.issuerTag
            && one.serial == other.serial
    }
}

/// The ticket keys on disk, mode 0600, so that agents resume after a restart, too.
private enum TicketKeyFile {
    /// The keys that are there; those that others may have read are not used any more.
    static func ring(for settings: ServerSettings) -> TicketKeyRing {
        let path = settings.pki.ticketKeys
        guard let text = try? KeyFile.read(path) else { return TicketKeyRing(life: settings.resumeWithin) }
        return TicketKeyRing(life: settings.resumeWithin, text: text)
    }

    static func keep(_ keys: TicketKeyRing, for settings: ServerSettings) -> String? {
        do {
            try KeyFile.write(keys.text, to: settings.pki.ticketKeys, replacing: true)
            return nil
        } catch {
            return "the ticket keys cannot be kept, so that agents show their certificates after a restart: \(error)"
        }
    }
}

extension PeerIdentity {
    /// Until when its certificate is valid.
    var validUntil: Instant { Instant(unixMilliseconds: notAfterUnixSeconds * 1_000) }
}
