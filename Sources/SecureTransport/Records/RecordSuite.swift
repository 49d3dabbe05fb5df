internal import COpenSSL

/// The three cipher suites of TLS 1.3 that OpenSSL negotiates by default (RFC 8446 appendix B.4). A connection with
/// another one stays OpenSSL's.
enum RecordSuite: UInt16, CaseIterable {
    case aes128GCM = 0x1301
    case aes256GCM = 0x1302
    case chaCha20Poly1305 = 0x1303

    /// OpenSSL's name of the AEAD.
    var cipherName: String {
        switch self {
        case .aes128GCM: "AES-128-GCM"
        case .aes256GCM: "AES-256-GCM"
        case .chaCha20Poly1305: "ChaCha20-Poly1305"
        }
    }

    /// What its keys are made with.
    var hash: ScheduleHash { self == .aes256GCM ? .sha384 : .sha256 }

    /// Length of a traffic secret: that of the hash.
    var secretBytes: Int { hash.bytes }

    /// Length of a key.
    var keyBytes: Int { self == .aes128GCM ? 16 : 32 }

    /// Its place among the three.
    var index: Int { Int(rawValue - Self.aes128GCM.rawValue) }
}
