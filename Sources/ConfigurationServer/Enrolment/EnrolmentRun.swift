internal import CertificateAuthority
internal import Foundation
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

/// One newcomer's way in, on one connection: hello, share, proof, each once and in this order. Whatever goes wrong ends it, and
/// the connection with it, so that each guess costs a handshake.
///
///     hello ─▶ share ─▶ proof ─▶ ended
///       └────────┴────────┴──────▶
struct EnrolmentRun {
    private enum Stage {
        case hello
        case share
        case proof(PassphraseChallenge)
        case ended
    }

    /// What to do.
    enum Outcome {
        /// Send this, and wait for the next step.
        case answer(WireEnrollResponse)
        /// Send this: the newcomer is a node.
        case admitted(WireEnrollResponse, EnrolmentDesk.Admitted)
        /// Say so, and close. The reason is kept with the attempt.
        case refuse(StatusCode, String, AttemptReason)
    }

    private var stage = Stage.hello
    private let channelBinding: [UInt8]
    /// What the newcomer says it is called. Nobody has checked it.
    private(set) var hostname = ""

    /// `channelBinding`: of the connection, and of no other.
    init(channelBinding: [UInt8]) { self.channelBinding = channelBinding }

    /// Whether the newcomer knows whether its passphrase is right, and the server does not.
    var isInDoubt: Bool { if case .proof = stage { true } else { false } }

    /// Takes a step from a newcomer at `address`.
    mutating func take(
        _ request: WireEnrollRequest, at desk: EnrolmentDesk?, guesses: EnrolmentGuard, from address: String,
        now: Instant
    ) -> Outcome {
        guard let desk else {
            return end(
                .failedPrecondition,
                "enrolment is closed: this server has no passphrase (rollcall pki passphrase makes one); without it identities "
                    + "are made there with: rollcall pki node", .certificateMissing)
        }
        switch (stage, request.step) {
        case (.hello, .hello(let hello)): return greet(hello, at: desk)
        case (.share, .share(let share)): return challenge(share, at: desk, guesses, address, now)
        case (.proof(let challenge), .proof(let proof)):
            return judge(proof, of: challenge, at: desk, guesses, address)
        case (.proof, .mismatch): return end(.unauthenticated, Self.wrong, .wrongPassphrase)
        case (_, nil): return end(.invalidArgument, "this step of enrolment is not known here", .protocolError)
        default:
            return end(
                .failedPrecondition, "steps of enrolment out of order: hello, share, proof, each once", .protocolError)
        }
    }

    private mutating func end(_ status: StatusCode, _ why: String, _ reason: AttemptReason) -> Outcome {
        stage = .ended
        return .refuse(status, why, reason)
    }

    /// For the newcomer's log, which can only say that the two do not fit: which of the causes it is neither side can tell.
    static let wrong =
        "the passphrase is not the fleet's, or something between the two ends TLS (a firewall that inspects it)"

    private mutating func greet(_ hello: WireEnrollRequest.Hello, at desk: EnrolmentDesk) -> Outcome {
        guard hello.hostname.utf8.count <= 255,
            !hello.hostname.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            return end(
                .invalidArgument, "hostname has \(hello.hostname.utf8.count) bytes (at most 255) or control characters",
                .factsMalformed)
        }
        hostname = hello.hostname
        stage = .share
        let stretching = desk.verifier.stretching
        return .answer(
            .with {
                $0.stretching.fleet = desk.verifier.fleet
                $0.stretching.salt = Data(stretching.salt)
                ($0.stretching.logN, $0.stretching.r, $0.stretching.p) = (stretching.logN, stretching.r, stretching.p)
            })
    }

    private mutating func challenge(
        _ share: WireEnrollRequest.Share, at desk: EnrolmentDesk, _ guesses: EnrolmentGuard, _ address: String,
        _ now: Instant
    ) -> Outcome {
        // Counted before anything is computed: a point that is none costs a guess, too.
        switch guesses.begin(from: address, at: now) {
        case .address:
            return end(
                .resourceExhausted,
                "too many wrong passphrases from \(address): it is heard again in \(GuessLimit.ofAddressRecovery.text)",
                .wrongPassphrase)
        case .all:
            return end(
                .resourceExhausted,
                "too many wrong passphrases from many addresses: try again in \(GuessLimit.ofAllRecovery.text) or later",
                .limit)
        case nil: break
        }
        guard
            let challenge = PassphraseChallenge(
                desk.verifier, share: Array(share.point), channelBinding: channelBinding)
        else { return end(.invalidArgument, "the share is no point of P-256 in 65 bytes", .protocolError) }
        stage = .proof(challenge)
        return .answer(
            .with {
                $0.challenge.point = Data(challenge.share)
                $0.challenge.confirmation = Data(challenge.confirmation)
            })
    }

    private mutating func judge(
        _ proof: WireEnrollRequest.Proof, of challenge: PassphraseChallenge, at desk: EnrolmentDesk,
        _ guesses: EnrolmentGuard, _ address: String
    ) -> Outcome {
        guard challenge.accepts(Array(proof.confirmation)) else {
            return end(.unauthenticated, Self.wrong, .wrongPassphrase)
        }
        guesses.succeeded(from: address)
        stage = .ended
        do {
            let request = try CertificateRequest(pem: proof.certificateRequest)
            let admitted = try desk.admit(request, hostname: hostname)
            return .admitted(
                .with {
                    $0.admission.nodeID = Data(admitted.id.bytes)
                    $0.admission.certificate = admitted.certificatePEM
                    $0.admission.authorities = admitted.authorityPEM
                }, admitted)
        } catch let error as CertificateRequestError {
            return end(.invalidArgument, "\(error)", .factsMalformed)
        } catch {
            return end(.internal, "the fleet's CA cannot issue: \(error)", .certificateMissing)
        }
    }
}

extension UUID {
    /// Its 16 bytes, in network order.
    var bytes: [UInt8] {
        let u = uuid
        return [
            u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
        ]
    }
}
