internal import COpenSSL

/// What a server keeps of its fleet's passphrase (RFC 9383 section 3.2): enough to tell whether a newcomer knows it, and not
/// enough to enrol with. Whoever steals it can try passphrases, each for the price of one scrypt, and can pose as this server
/// towards those who enrol.
public struct PassphraseVerifier: Sendable {
    /// The fleet that the passphrase admits to.
    public let fleet: String
    /// What the newcomer needs to come to the same numbers.
    public let stretching: PassphraseStretching
    /// The number that both sides know.
    let w0: SecretBytes
    /// `w1` times the generator.
    let l: SecretBytes

    /// The verifier of a passphrase. Takes as long as the stretching says.
    /// - Throws: `PassphraseError.outOfResources`.
    public init(
        _ passphrase: Passphrase, fleet: String, stretching: PassphraseStretching? = .fresh()
    ) throws(PassphraseError) {
        defer { ErrorQueue.clear() }
        guard let stretching,
            let (w0, w1) = stretching.stretch(passphrase, .enrolment(fleet: fleet, channelBinding: [])),
            let w0 = w0.encoded(), let l = CurveP256.Point(generatorTimes: w1)?.encoded()
        else { throw .outOfResources }
        self.init(fleet: fleet, stretching: stretching, w0: w0, l: l)
    }

    private init(fleet: String, stretching: PassphraseStretching, w0: SecretBytes, l: SecretBytes) {
        (self.fleet, self.stretching, self.w0, self.l) = (fleet, stretching, w0, l)
    }

    // MARK: in a file

    private static let heading = "rollcall passphrase verifier 1"

    /// As it stands in a file. Secret.
    public var text: String {
        let cost = stretching
        return """
            \(Self.heading)
            fleet \(fleet)
            scrypt \(cost.logN) \(cost.r) \(cost.p) \(Hexadecimal.text(cost.salt))
            w0 \(unsafe w0.withBytes { unsafe Hexadecimal.text($0) })
            l \(unsafe l.withBytes { unsafe Hexadecimal.text($0) })

            """
    }

    /// Reads what `text` wrote.
    /// - Throws: `PassphraseError.damagedVerifier`, naming `source`.
    public init(text: String, source: String) throws(PassphraseError) {
        defer { ErrorQueue.clear() }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { $0.split(separator: " ") }
        func words(_ line: Int, _ name: String, _ count: Int) -> [Substring]? {
            guard lines.indices.contains(line), lines[line].first.map(String.init) == name,
                lines[line].count == count + 1
            else { return nil }
            return Array(lines[line].dropFirst())
        }
        guard text.hasPrefix(Self.heading + "\n"), lines.count == 5, let fleet = words(1, "fleet", 1)?.first,
            let cost = words(2, "scrypt", 4), let logN = UInt32(cost[0]), let r = UInt32(cost[1]),
            let p = UInt32(cost[2]), let salt = Hexadecimal.bytes(cost[3]),
            let stretching = PassphraseStretching(salt: salt, logN: logN, r: r, p: p),
            let w0 = words(3, "w0", 1).flatMap({ Hexadecimal.bytes($0[0]) }), w0.count == CurveP256.scalarBytes,
            let scalar = unsafe w0.withUnsafeBytes({ unsafe CurveP256.Scalar.reduced($0) }),
            scalar.encoded()?.isEqual(w0) == true,
            let l = words(4, "l", 1).flatMap({ Hexadecimal.bytes($0[0]) }), CurveP256.Point(peer: l) != nil
        else { throw .damagedVerifier(source) }
        self.init(fleet: String(fleet), stretching: stretching, w0: SecretBytes(w0), l: SecretBytes(l))
    }
}

/// Bytes as pairs of digits.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil for anything but pairs of lower-case digits.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        guard values.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: values.count, by: 2) {
            guard let high = values[position], let low = values[position + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
