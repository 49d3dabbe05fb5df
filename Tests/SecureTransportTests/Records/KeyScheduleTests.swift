import COpenSSL
import Testing

@testable import SecureTransport

/// OpenSSL's TLS13-KDF and ours, asked the same.
@Suite("Key schedule")
struct KeyScheduleTests {
    private enum Mode: Int32 {
        case extract = 1
        case expand = 2
    }

    /// What one of them answers; nil if it refuses.
    private func derive(
        _ query: String, _ mode: Mode, digest: String, key: [UInt8]?, salt: [UInt8]? = nil, label: String,
        data: [UInt8]? = nil, prefix: String = "tls13 ", count: Int
    ) throws -> [UInt8]? {
        defer { ERR_clear_error() }
        let kdf = try #require(EVP_KDF_fetch(nil, "TLS13-KDF", query))
        defer { EVP_KDF_free(kdf) }
        let context = try #require(EVP_KDF_CTX_new(kdf))
        defer { EVP_KDF_CTX_free(context) }
        var held: [UnsafeMutableRawPointer] = []
        defer { held.forEach { $0.deallocate() } }
        func hold(_ bytes: [UInt8]) -> UnsafeMutableRawPointer {
            let place = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 1, alignment: 16)
            bytes.withUnsafeBytes {
                place.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(place), byteCount: bytes.count)
            }
            place.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
            held.append(place)
            return place
        }
        var parameters: [OSSL_PARAM] = []
        func add(_ name: String, _ bytes: [UInt8]?) {
            guard let bytes else { return }
            let name = hold(Array(name.utf8)).assumingMemoryBound(to: CChar.self)
            parameters.append(OSSL_PARAM_construct_octet_string(name, hold(bytes), bytes.count))
        }
        var number = mode.rawValue
        let place = hold(withUnsafeBytes(of: &number) { Array($0) }).assumingMemoryBound(to: Int32.self)
        parameters.append(
            OSSL_PARAM_construct_int(hold(Array("mode".utf8)).assumingMemoryBound(to: CChar.self), place))
        parameters.append(
            OSSL_PARAM_construct_utf8_string(
                hold(Array("digest".utf8)).assumingMemoryBound(to: CChar.self),
                hold(Array(digest.utf8)).assumingMemoryBound(to: CChar.self), 0))
        add("key", key)
        add("salt", salt)
        add("prefix", Array(prefix.utf8))
        add("label", Array(label.utf8))
        add("data", data)
        parameters.append(OSSL_PARAM_construct_end())
        var output = [UInt8](repeating: 0, count: count)
        return EVP_KDF_derive(context, &output, count, parameters) == 1 ? output : nil
    }

    private static func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }

    private static let digests = [("SHA2-256", 32), ("SHA256", 32), ("SHA2-384", 48), ("SHA384", 48)]
    private static let labels = [
        "c e traffic", "c hs traffic", "s hs traffic", "c ap traffic", "s ap traffic", "exp master", "res master",
        "res binder", "ext binder", "traffic upd", "key", "iv", "finished", "resumption", "exporter", "derived",
    ]

    @Test("expands every label as OpenSSL does, with and without a context, to every length", arguments: digests)
    func expansion(digest: String, bytes: Int) throws {
        try #require(KeyScheduleProvider.isLoaded)
        for label in Self.labels {
            for data in [nil, Self.random(bytes)] {
                let (key, count) = (Self.random(bytes), Int.random(in: 1...bytes))
                let ours = try derive(
                    KeyScheduleProvider.query, .expand, digest: digest, key: key, label: label, data: data, count: count
                )
                let theirs = try derive(
                    "provider=default", .expand, digest: digest, key: key, label: label, data: data, count: count)
                #expect(ours != nil)
                #expect(ours == theirs)
            }
        }
    }

    @Test("makes each secret of the one before as OpenSSL does, with and without a new one", arguments: digests)
    func extraction(digest: String, bytes: Int) throws {
        try #require(KeyScheduleProvider.isLoaded)
        for salt in [nil, Self.random(bytes)] {
            for key in [nil, Self.random(bytes), Self.random(32), Self.random(97)] {
                let ours = try derive(
                    KeyScheduleProvider.query, .extract, digest: digest, key: key, salt: salt, label: "derived",
                    count: bytes)
                let theirs = try derive(
                    "provider=default", .extract, digest: digest, key: key, salt: salt, label: "derived", count: bytes)
                #expect(ours != nil)
                #expect(ours == theirs)
            }
        }
    }

    @Test("refuses what TLS 1.3 never asks for")
    func refusals() throws {
        try #require(KeyScheduleProvider.isLoaded)
        func ask(
            digest: String = "SHA2-256", key: [UInt8]? = Self.random(32), label: String = "key", data: [UInt8]? = nil,
            prefix: String = "tls13 ", count: Int = 16
        ) throws -> [UInt8]? {
            try derive(
                KeyScheduleProvider.query, .expand, digest: digest, key: key, label: label, data: data, prefix: prefix,
                count: count)
        }
        #expect(try ask() != nil)
        #expect(try ask(digest: "SHA2-512") == nil)
        #expect(try ask(key: nil) == nil)
        #expect(try ask(label: String(repeating: "x", count: 100)) == nil)
        #expect(try ask(data: Self.random(64)) == nil)
        #expect(try ask(prefix: "dtls13") == nil)
        #expect(try ask(count: 33) == nil)
    }

    @Test("is what contexts get that ask for it, and the only thing that they get from here")
    func whoAsks() throws {
        try #require(KeyScheduleProvider.isLoaded)
        let ours = try #require(EVP_KDF_fetch(nil, "TLS13-KDF", KeyScheduleProvider.query))
        defer { EVP_KDF_free(ours) }
        #expect(String(cString: OSSL_PROVIDER_get0_name(EVP_KDF_get0_provider(ours))) == "rollcall")
        // Everything else stays OpenSSL's.
        let cipher = try #require(EVP_CIPHER_fetch(nil, "AES-256-GCM", KeyScheduleProvider.query))
        defer { EVP_CIPHER_free(cipher) }
        #expect(String(cString: OSSL_PROVIDER_get0_name(EVP_CIPHER_get0_provider(cipher))) == "default")
    }
}
