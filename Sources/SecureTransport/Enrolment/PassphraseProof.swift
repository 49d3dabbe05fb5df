extension SPAKE2Plus.Terms {
    /// An enrolment: on this connection, with the server of this fleet, by a machine without a name yet.
    ///
    /// `channelBinding` is the TLS exporter of the connection (RFC 9266): two connections never have the same, so that what was
    /// proven on one of them means nothing on another. That is what keeps out a man in the middle who ends TLS himself.
    static func enrolment(fleet: String, channelBinding: [UInt8]) -> SPAKE2Plus.Terms {
        .init(
            context: Array(TLSContext.enrolmentProtocol.utf8) + channelBinding,
            verifier: Array("\(PeerIdentity.scheme)\(fleet)/server".utf8))
    }
}

/// The newcomer's side of one enrolment: proves that it knows the passphrase, to a server that proves it first.
public final class PassphraseProof {
    private let terms: SPAKE2Plus.Terms
    private let w0: CurveP256.Scalar
    private let w1: CurveP256.Scalar
    private let x: CurveP256.Scalar
    /// What the server gets first: 65 bytes.
    public let share: [UInt8]

    /// Stretches the passphrase, as long as that takes, and makes the share. `channelBinding`: that of the connection
    /// (`TLSFacts.channelBinding`).
    /// - Throws: `PassphraseError.outOfResources`.
    public convenience init(
        _ passphrase: Passphrase, stretching: PassphraseStretching, fleet: String, channelBinding: [UInt8]
    ) throws(PassphraseError) {
        let terms = SPAKE2Plus.Terms.enrolment(fleet: fleet, channelBinding: channelBinding)
        guard let (w0, w1) = stretching.stretch(passphrase, terms), let x = CurveP256.Scalar.random() else {
            throw .outOfResources
        }
        try self.init(terms, w0: w0, w1: w1, x: x)
    }

    /// The same from its numbers.
    init(
        _ terms: SPAKE2Plus.Terms, w0: CurveP256.Scalar, w1: CurveP256.Scalar, x: CurveP256.Scalar
    ) throws(PassphraseError) {
        defer { ErrorQueue.clear() }
        guard let share = CurveP256.Point(generatorTimes: x)?.plus(SPAKE2Plus.m()?.times(w0))?.published() else {
            throw .outOfResources
        }
        (self.terms, self.w0, self.w1, self.x, self.share) = (terms, w0, w1, x, share)
    }

    /// The server's share and confirmation. Returns the own confirmation; nil if the server's does not fit: it knows another
    /// passphrase, or somebody stands in between. Then nothing may be sent that depends on the passphrase.
    public func answer(share theirs: [UInt8], confirmation: [UInt8]) -> [UInt8]? {
        defer { ErrorQueue.clear() }
        guard let base = CurveP256.Point(peer: theirs)?.minus(SPAKE2Plus.n()?.times(w0)),
            let z = base.times(x), let v = base.times(w1),
            let expected = SPAKE2Plus.Confirmations(
                terms, proverShare: share, verifierShare: theirs, z: z, v: v, w0: w0),
            expected.verifier.isEqual(confirmation)
        else { return nil }
        return unsafe expected.prover.withBytes { unsafe Array($0) }
    }
}

/// The server's side of one enrolment: each is good for one newcomer on one connection.
public final class PassphraseChallenge {
    /// What the newcomer gets: 65 bytes.
    public let share: [UInt8]
    /// The server's own proof: 32 bytes. With it the newcomer can tell whether its guess was right, so that a run counts as a
    /// guess from the moment it is sent.
    public let confirmation: [UInt8]
    private let expected: SecretBytes

    /// Answers a newcomer's share; nil if that is no point of the curve, or memory is short.
    public convenience init?(_ verifier: PassphraseVerifier, share theirs: [UInt8], channelBinding: [UInt8]) {
        guard let w0 = unsafe verifier.w0.withBytes({ unsafe CurveP256.Scalar.reduced($0) }),
            let l = unsafe CurveP256.Point(peer: verifier.l.withBytes { unsafe Array($0) }),
            let y = CurveP256.Scalar.random()
        else { return nil }
        self.init(
            .enrolment(fleet: verifier.fleet, channelBinding: channelBinding), w0: w0, l: l, y: y, share: theirs)
    }

    /// The same from its numbers.
    init?(
        _ terms: SPAKE2Plus.Terms, w0: CurveP256.Scalar, l: CurveP256.Point, y: CurveP256.Scalar, share theirs: [UInt8]
    ) {
        defer { ErrorQueue.clear() }
        guard let base = CurveP256.Point(peer: theirs)?.minus(SPAKE2Plus.m()?.times(w0)), let z = base.times(y),
            let v = l.times(y),
            let share = CurveP256.Point(generatorTimes: y)?.plus(SPAKE2Plus.n()?.times(w0))?.published(),
            let made = SPAKE2Plus.Confirmations(terms, proverShare: theirs, verifierShare: share, z: z, v: v, w0: w0)
        else { return nil }
        self.share = share
        confirmation = unsafe made.verifier.withBytes { unsafe Array($0) }
        expected = made.prover
    }

    /// Whether the newcomer's confirmation proves that it knows the passphrase.
    public func accepts(_ confirmation: [UInt8]) -> Bool { expected.isEqual(confirmation) }
}
