import Testing

@testable import SecureTransport

/// Bytes from pairs of digits, with any blanks between them.
private func bytes(_ text: String) -> [UInt8] { Hexadecimal.bytes(text.filter { !$0.isWhitespace }) ?? [] }

private func scalar(_ text: String) throws -> CurveP256.Scalar {
    let bytes = bytes(text)
    return try #require(unsafe bytes.withUnsafeBytes { unsafe CurveP256.Scalar.reduced($0) })
}

@Suite("SPAKE2+ as RFC 9383 has it")
struct SPAKE2PlusTests {
    // Appendix C, SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256.
    private static let terms = SPAKE2Plus.Terms(
        context: Array("SPAKE2+-P256-SHA256-HKDF-SHA256-HMAC-SHA256 Test Vectors".utf8), prover: Array("client".utf8),
        verifier: Array("server".utf8))
    private static let w0 = "bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3"
    private static let w1 = "7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba"
    private static let l = """
        04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc0 \
        0f00bfedcbd09b2400142d40a14f2064ef31dfaa903b91d1faea7093d835966efd
        """
    private static let x = "d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539"
    private static let y = "717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3"
    private static let shareP = """
        04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0 \
        c1de127727f418b5966afadfdd95a6e4591d171056b333dab97a79c7193e341727
        """
    private static let shareV = """
        04c0f65da0d11927bdf5d560c69e1d7d939a05b0e88291887d679fcadea75810 \
        fb5cc1ca7494db39e82ff2f50665255d76173e09986ab46742c798a9a68437b048
        """
    private static let confirmP = "926cc713504b9b4d76c9162ded04b5493e89109f6d89462cd33adc46fda27527"
    private static let confirmV = "9747bcc4f8fe9f63defee53ac9b07876d907d55047e6ff2def2e7529089d3e68"

    private func proof(_ terms: SPAKE2Plus.Terms = terms, w0: String = w0) throws -> PassphraseProof {
        try PassphraseProof(terms, w0: scalar(w0), w1: scalar(Self.w1), x: scalar(Self.x))
    }

    private func challenge(_ share: [UInt8]) throws -> PassphraseChallenge? {
        let l = try #require(CurveP256.Point(peer: bytes(Self.l)))
        return try PassphraseChallenge(Self.terms, w0: scalar(Self.w0), l: l, y: scalar(Self.y), share: share)
    }

    @Test("both sides come to the shares and confirmations of the RFC's test vector")
    func vector() throws {
        #expect(CurveP256.Point(generatorTimes: try scalar(Self.w1))?.published() == bytes(Self.l))
        let proof = try proof()
        #expect(proof.share == bytes(Self.shareP))
        let challenge = try #require(try challenge(proof.share))
        #expect(challenge.share == bytes(Self.shareV))
        #expect(challenge.confirmation == bytes(Self.confirmV))
        #expect(proof.answer(share: challenge.share, confirmation: challenge.confirmation) == bytes(Self.confirmP))
        #expect(challenge.accepts(bytes(Self.confirmP)))
    }

    @Test("a confirmation that differs in one bit, is cut or is empty is refused by both")
    func almost() throws {
        let proof = try proof()
        let challenge = try #require(try challenge(proof.share))
        for position in [0, 15, 31] {
            var own = bytes(Self.confirmP)
            own[position] ^= 0x10
            #expect(!challenge.accepts(own))
            var theirs = challenge.confirmation
            theirs[position] ^= 1
            #expect(proof.answer(share: challenge.share, confirmation: theirs) == nil)
        }
        for wrong in [[], Array(bytes(Self.confirmP).dropLast()), bytes(Self.confirmP) + [0]] {
            #expect(!challenge.accepts(wrong))
        }
    }

    @Test("other numbers, another context or another name on one side, and nothing fits")
    func otherTerms() throws {
        var otherContext = Self.terms
        otherContext.context[0] ^= 1
        var otherName = Self.terms
        otherName.verifier.append(0)
        let others = [
            try proof(otherContext), try proof(otherName), try proof(w0: Self.w1),
        ]
        for other in others {
            let challenge = try #require(try challenge(other.share))
            #expect(other.answer(share: challenge.share, confirmation: challenge.confirmation) == nil)
        }
    }

    @Test("points that are not of the curve, at infinity, compressed or cut are refused by both")
    func badPoints() throws {
        let good = bytes(Self.shareP)
        var offCurve = good
        offCurve[64] ^= 1
        let p = bytes("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
        let beyondField: [UInt8] = [4] + p + p
        let zero = [UInt8](repeating: 0, count: 65)
        let origin: [UInt8] = [4] + [UInt8](repeating: 0, count: 64)
        let compressed = [2 + good[64] & 1] + good[1...32]
        let hybrid = [6 + good[64] & 1] + good[1...]
        let bad = [
            [], [0], zero, origin, offCurve, beyondField, compressed, hybrid, Array(good.dropLast()), good + [0],
        ]
        for point in bad {
            #expect(CurveP256.Point(peer: point) == nil, "\(point)")
            #expect(try challenge(point) == nil, "\(point)")
            #expect(try proof().answer(share: point, confirmation: bytes(Self.confirmV)) == nil, "\(point)")
        }
    }

    @Test("a share that takes away its own blinding is refused: it would make the secret known")
    func unblinded() throws {
        // w0 times M: less the blinding nothing is left, and z would be the point at infinity for every y.
        let naked = try #require(SPAKE2Plus.m()?.times(try scalar(Self.w0))?.published())
        #expect(try challenge(naked) == nil)
        let nakedServer = try #require(SPAKE2Plus.n()?.times(try scalar(Self.w0))?.published())
        #expect(try proof().answer(share: nakedServer, confirmation: bytes(Self.confirmV)) == nil)
    }
}

@Suite("Enrolment's proof")
struct PassphraseProofTests {
    private static let binding = [UInt8](repeating: 7, count: 32)

    private func verifier(_ text: String = "correct horse battery staple") throws -> PassphraseVerifier {
        try PassphraseVerifier(Passphrase(text), fleet: "demo", stretching: .fresh(logN: 14, p: 1))
    }

    private func proof(
        _ verifier: PassphraseVerifier, _ text: String = "correct horse battery staple", fleet: String = "demo",
        binding: [UInt8] = binding
    ) throws -> PassphraseProof {
        try PassphraseProof(
            Passphrase(text), stretching: verifier.stretching, fleet: fleet, channelBinding: binding)
    }

    @Test("of the right passphrase is taken, each time with other shares")
    func right() throws {
        let verifier = try verifier()
        var shares: Set<[UInt8]> = []
        for _ in 0..<2 {
            let proof = try proof(verifier)
            let challenge = try #require(
                PassphraseChallenge(verifier, share: proof.share, channelBinding: Self.binding))
            let answer = try #require(
                proof.answer(share: challenge.share, confirmation: challenge.confirmation))
            #expect(challenge.accepts(answer))
            shares.formUnion([proof.share, challenge.share])
        }
        #expect(shares.count == 4)
    }

    @Test("of another passphrase, fleet or TLS connection does not fit, on either side")
    func wrong() throws {
        let verifier = try verifier()
        let others = [
            try proof(verifier, "correct horse battery stapler"), try proof(verifier, fleet: "demo2"),
            try proof(verifier, binding: [UInt8](repeating: 8, count: 32)), try proof(verifier, binding: []),
        ]
        for other in others {
            let challenge = try #require(
                PassphraseChallenge(verifier, share: other.share, channelBinding: Self.binding))
            #expect(other.answer(share: challenge.share, confirmation: challenge.confirmation) == nil)
        }
    }

    @Test("that was heard on one run is worth nothing in the next")
    func replay() throws {
        let verifier = try verifier()
        let proof = try proof(verifier)
        let first = try #require(PassphraseChallenge(verifier, share: proof.share, channelBinding: Self.binding))
        let answer = try #require(proof.answer(share: first.share, confirmation: first.confirmation))
        #expect(first.accepts(answer))
        let second = try #require(PassphraseChallenge(verifier, share: proof.share, channelBinding: Self.binding))
        #expect(!second.accepts(answer))
    }

    @Test("needs the passphrase, and not what the server keeps")
    func stolenVerifier() throws {
        // Who has stolen w0 and L and plays the newcomer lacks w1; with any other number in its place nothing fits.
        let verifier = try verifier()
        let w0 = try #require(unsafe verifier.w0.withBytes { unsafe CurveP256.Scalar.reduced($0) })
        let terms = SPAKE2Plus.Terms.enrolment(fleet: "demo", channelBinding: Self.binding)
        let random = { try #require(CurveP256.Scalar.random()) }
        let thief = try PassphraseProof(terms, w0: w0, w1: random(), x: random())
        let challenge = try #require(
            PassphraseChallenge(verifier, share: thief.share, channelBinding: Self.binding))
        #expect(thief.answer(share: challenge.share, confirmation: challenge.confirmation) == nil)
    }

    @Test("comes to the bytes of docs/protocol.md, which were computed by another program")
    func page() throws {
        let salt = (0..<16).map { UInt8($0) }
        let stretching = try #require(PassphraseStretching(salt: salt, logN: 15, r: 8, p: 3))
        let terms = SPAKE2Plus.Terms.enrolment(fleet: "demo", channelBinding: (0x80..<0xa0).map { UInt8($0) })
        let (w0, w1) = try #require(stretching.stretch(Passphrase("correct horse battery staple"), terms))
        let page = [
            "b45cab5ed721d4b8d7cb5d93f4af7ba545487163c31ba1a2dfaf10b48518204d",
            "9ceea9cf831f9dda03bba9ea0d9f69ad45e58be3bba4078e4c6ab672521bb275",
        ]
        #expect(w0.encoded()?.isEqual(bytes(page[0])) == true && w1.encoded()?.isEqual(bytes(page[1])) == true)
        let x = try scalar("d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539")
        let y = try scalar("717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3")
        let proof = try PassphraseProof(terms, w0: w0, w1: w1, x: x)
        let l = try #require(CurveP256.Point(generatorTimes: w1))
        let challenge = try #require(PassphraseChallenge(terms, w0: w0, l: l, y: y, share: proof.share))
        #expect(Hexadecimal.text(proof.share).hasPrefix("04426a334a050c0e1f7ea227b1bfbf507061f078f641c2119df7"))
        #expect(
            challenge.confirmation == bytes("d805f1a966ef7b42936c7d802a7ea1bae9d004abf59689f7b37272142d5cfa76"))
        #expect(
            proof.answer(share: challenge.share, confirmation: challenge.confirmation)
                == bytes("36b8b49a3609d2e2c9f6e5fe36d7a2cf8f74e3ce31ae72f38b959394b3b185bf"))
    }

    @Test("rests on a verifier that reads itself back, and refuses anything else")
    func file() throws {
        let verifier = try verifier()
        let read = try PassphraseVerifier(text: verifier.text, source: "file")
        #expect(read.text == verifier.text && read.fleet == "demo")
        let lines = verifier.text.split(separator: "\n").map(String.init)
        var damaged = [
            verifier.text.replacing("verifier 1", with: "verifier 2"), "", "\n", String(verifier.text.dropLast(3)),
        ]
        for index in 1..<5 {
            var fewer = lines
            fewer.remove(at: index)
            damaged.append(fewer.joined(separator: "\n") + "\n")
        }
        damaged.append(verifier.text.replacing("scrypt 14", with: "scrypt 10"))
        damaged.append(verifier.text.replacing("scrypt 14", with: "scrypt 30"))
        let zero = String(repeating: "0", count: 64)
        damaged.append(lines.map { $0.hasPrefix("w0 ") ? "w0 \(zero)" : $0 }.joined(separator: "\n"))
        damaged.append(lines.map { $0.hasPrefix("l ") ? "l 04\(zero)\(zero)" : $0 }.joined(separator: "\n"))
        for text in damaged {
            #expect(throws: PassphraseError.damagedVerifier("file")) {
                try PassphraseVerifier(text: text, source: "file")
            }
        }
    }

    @Test("is not weakened by a server that asks for a cheap or an impossible way of stretching")
    func limits() {
        let salt = [UInt8](repeating: 1, count: 16)
        #expect(PassphraseStretching(salt: salt, logN: 15, r: 8, p: 3) != nil)
        for (logN, r, p) in [(13, 8, 1), (18, 8, 1), (15, 1, 1), (15, 8, 0), (15, 8, 9), (4_000_000_000, 8, 1)] {
            #expect(PassphraseStretching(salt: salt, logN: UInt32(logN), r: UInt32(r), p: UInt32(p)) == nil)
        }
        #expect(PassphraseStretching(salt: [], logN: 15, r: 8, p: 3) == nil)
    }
}
