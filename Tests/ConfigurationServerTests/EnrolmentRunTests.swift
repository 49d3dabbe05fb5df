import CertificateAuthority
import Foundation
import Registry
import RollcallProtocol
import SecureTransport
import Testing

@testable import ConfigurationServer

@Suite("An enrolment")
struct EnrolmentRunTests {
    private static let passphrase = "correct horse battery staple"
    private static let binding = [UInt8](repeating: 7, count: 32)
    private let start = Instant(unixMilliseconds: 1_795_608_000_000)
    private let guesses = EnrolmentGuard()
    private let desk: EnrolmentDesk
    private let authority: CertificateAuthority

    init() throws {
        authority = try CertificateAuthority(fleet: "demo", at: Date())
        desk = EnrolmentDesk(
            verifier: try PassphraseVerifier(
                Passphrase(Self.passphrase), fleet: "demo", stretching: .fresh(logN: 14, p: 1)), authority: authority)
    }

    private func take(_ run: inout EnrolmentRun, _ request: WireEnrollRequest, at desk: EnrolmentDesk?)
        -> EnrolmentRun.Outcome
    {
        run.take(request, at: desk, guesses: guesses, from: "192.0.2.1", now: start)
    }

    private func answer(_ run: inout EnrolmentRun, _ request: WireEnrollRequest) throws -> WireEnrollResponse {
        guard case .answer(let response) = take(&run, request, at: desk) else { throw Unexpected() }
        return response
    }

    private struct Unexpected: Error {}

    private func refusal(_ run: inout EnrolmentRun, _ request: WireEnrollRequest) -> (StatusCode, AttemptReason)? {
        guard case .refuse(let status, let why, let reason) = take(&run, request, at: desk) else { return nil }
        #expect(!why.isEmpty)
        return (status, reason)
    }

    private let hello = WireEnrollRequest.with { $0.hello.hostname = "web-03" }

    private func share(_ bytes: [UInt8]) -> WireEnrollRequest { .with { $0.share.point = Data(bytes) } }

    /// A run that waits for the proof, and the proof that fits.
    private func challenged(_ text: String = passphrase) throws -> (EnrolmentRun, confirmation: [UInt8]?) {
        var run = EnrolmentRun(channelBinding: Self.binding)
        let terms = try answer(&run, hello).stretching
        #expect(terms.fleet == "demo" && terms.salt.count == 16)
        let stretching = try #require(
            PassphraseStretching(salt: Array(terms.salt), logN: terms.logN, r: terms.r, p: terms.p))
        let proof = try PassphraseProof(
            Passphrase(text), stretching: stretching, fleet: terms.fleet, channelBinding: Self.binding)
        let challenge = try answer(&run, share(proof.share)).challenge
        return (
            run, proof.answer(share: Array(challenge.point), confirmation: Array(challenge.confirmation))
        )
    }

    private func proof(_ confirmation: [UInt8], request: String) -> WireEnrollRequest {
        .with {
            $0.proof.confirmation = Data(confirmation)
            $0.proof.certificateRequest = request
        }
    }

    @Test("with the fleet's passphrase gets a certificate for the machine's own key, and an id of the server's choice")
    func right() throws {
        let key = IdentityKey()
        var (run, confirmation) = try challenged()
        let request = proof(try #require(confirmation), request: try CertificateRequest.pem(for: key))
        guard case .admitted(let response, let admitted) = take(&run, request, at: desk) else { throw Unexpected() }
        let identity = try IssuedIdentity(
            enrolled: response.admission.certificate, authoritiesPEM: response.admission.authorities, fleet: "demo",
            id: Array(response.admission.nodeID), key: key)
        #expect(identity.uri.holder == .node(admitted.id))
        let facts = try #require(try CertificateFacts.all(in: response.admission.certificate, source: "it").first)
        #expect(facts.subject.contains("web-03") && facts.purposes.count == 1)
        #expect(!run.isInDoubt)
        #expect(refusal(&run, request)?.0 == .failedPrecondition, "a second time on the same connection")
    }

    @Test("with another passphrase is refused, whether the newcomer says so, tries all the same, or only goes")
    func wrong() throws {
        var (told, confirmation) = try challenged("correct horse battery stapler")
        #expect(confirmation == nil && told.isInDoubt)
        #expect(refusal(&told, .with { $0.mismatch = .init() })! == (.unauthenticated, .wrongPassphrase))
        var (tried, _) = try challenged("correct horse battery stapler")
        let request = proof([UInt8](repeating: 0, count: 32), request: try CertificateRequest.pem(for: IdentityKey()))
        #expect(refusal(&tried, request)! == (.unauthenticated, .wrongPassphrase))
        #expect(!tried.isInDoubt)
    }

    @Test("cannot be replayed: what one newcomer proved is worth nothing for the next")
    func replay() throws {
        let (_, heard) = try challenged()
        var (run, _) = try challenged()
        let request = proof(try #require(heard), request: try CertificateRequest.pem(for: IdentityKey()))
        #expect(refusal(&run, request)! == (.unauthenticated, .wrongPassphrase))
    }

    @Test("takes its steps in order, each once, and ends with the first that is wrong")
    func order() throws {
        let good = share(
            try PassphraseProof(
                Passphrase("x"), stretching: desk.verifier.stretching, fleet: "demo", channelBinding: Self.binding
            ).share)
        let proof = proof([], request: "")
        let mismatch = WireEnrollRequest.with { $0.mismatch = .init() }
        for steps in [
            [good], [proof], [mismatch], [hello, hello], [hello, proof], [hello, mismatch], [hello, good, good],
            [hello, good, hello],
        ] {
            var run = EnrolmentRun(channelBinding: Self.binding)
            for step in steps.dropLast() { _ = try answer(&run, step) }
            #expect(refusal(&run, steps.last!)! == (.failedPrecondition, .protocolError))
            #expect(refusal(&run, hello)! == (.failedPrecondition, .protocolError), "nothing goes on afterwards")
        }
        var run = EnrolmentRun(channelBinding: Self.binding)
        #expect(refusal(&run, .init())! == (.invalidArgument, .protocolError))
    }

    @Test("refuses shares that are no points, names and requests that cannot be")
    func malformed() throws {
        let points: [[UInt8]] = [[], [0], [4] + [UInt8](repeating: 0, count: 64), [UInt8](repeating: 4, count: 66)]
        for point in points {
            var run = EnrolmentRun(channelBinding: Self.binding)
            _ = try answer(&run, hello)
            #expect(refusal(&run, share(point))! == (.invalidArgument, .protocolError))
        }
        for name in [String(repeating: "x", count: 256), "web\n03"] {
            var run = EnrolmentRun(channelBinding: Self.binding)
            #expect(refusal(&run, .with { $0.hello.hostname = name })! == (.invalidArgument, .factsMalformed))
        }
        for request in ["", "garbage", String(repeating: "x", count: 5_000)] {
            var (run, confirmation) = try challenged()
            let proof = proof(try #require(confirmation), request: request)
            #expect(refusal(&run, proof)! == (.invalidArgument, .factsMalformed))
        }
    }

    @Test("is told where it is closed")
    func closed() {
        var run = EnrolmentRun(channelBinding: Self.binding)
        guard case .refuse(let status, let why, _) = take(&run, hello, at: nil) else {
            Issue.record("it is not refused")
            return
        }
        #expect(status == .failedPrecondition && why.contains("enrolment is closed"))
    }

    @Test("is not heard after too many wrong ones, before anything is computed; a right one does not count")
    func limit() throws {
        for _ in 0..<3 {
            var (run, confirmation) = try challenged()
            let request = proof(
                try #require(confirmation), request: try CertificateRequest.pem(for: IdentityKey()))
            guard case .admitted = take(&run, request, at: desk) else { throw Unexpected() }
        }
        for _ in 0..<GuessLimit.ofAddressMax { _ = try challenged("another one of this length") }
        var run = EnrolmentRun(channelBinding: Self.binding)
        _ = try answer(&run, hello)
        #expect(refusal(&run, share([]))! == (.resourceExhausted, .wrongPassphrase))
    }
}
