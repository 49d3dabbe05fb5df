internal import COpenSSL

/// The names of authorities by a short tag, so that a session keeps four bytes and not a name. The tag is a hash
/// (FNV-1a) of the distinguished name as the certificate has it: OpenSSL's own would fetch SHA-1 for each handshake.
public struct IssuerNames: Sendable {
    private var names: [UInt32: String] = [:]

    /// The authorities in this PEM text; what is no certificate ends it.
    public init(pem: String) {
        let text = Array(pem.utf8)
        unsafe text.withUnsafeBytes { bytes in
            // The buffer is only read while the closure holds it.
            guard let source = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return }
            defer { unsafe BIO_free(source) }
            while let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) {
                let tag = unsafe Self.tag(of: X509_get_subject_name(certificate))
                names[tag] = unsafe CertificateReader.facts(of: certificate).subject
                unsafe X509_free(certificate)
            }
        }
        ErrorQueue.clear()
    }

    /// The tag of a distinguished name; 0 only where there is none.
    static func tag(of name: OpaquePointer?) -> UInt32 {
        var der: UnsafePointer<UInt8>?
        var length = 0
        guard let name = unsafe name, unsafe X509_NAME_get0_der(name, &der, &length) == 1, let der = unsafe der else {
            return 0
        }
        var hash: UInt32 = 0x811C_9DC5
        for place in 0..<length { hash = unsafe (hash ^ UInt32(der[place])) &* 0x0100_0193 }
        return max(hash, 1)
    }

    /// The name; where it is none of these, the tag in hexadecimal; empty for 0.
    public subscript(tag: UInt32) -> String {
        guard tag != 0 else { return "" }
        return names[tag] ?? "authority \(String(tag, radix: 16))"
    }
}
