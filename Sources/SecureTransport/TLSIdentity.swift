internal import COpenSSL

/// A certificate with its key, ready to be shown to peers. Immutable, shared by all sessions that show it.
@safe public final class TLSIdentity: @unchecked Sendable {
    let certificate: OpaquePointer
    let key: OpaquePointer

    /// Reads PEM text: the certificate (the first of a chain) and its private key.
    /// - Throws: `TLSError` naming `source` if one cannot be read or they do not belong together.
    public init(certificatePEM: String, keyPEM: String, source: String = "identity") throws(TLSError) {
        _ = RecordBufferPool.isInstalled
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard let certificate = unsafe Self.read(certificatePEM, { unsafe PEM_read_bio_X509($0, nil, nil, nil) }) else {
            throw TLSError.take("read the certificate of \(source)")
        }
        guard let key = unsafe Self.read(keyPEM, { unsafe PEM_read_bio_PrivateKey($0, nil, nil, nil) }) else {
            unsafe X509_free(certificate)
            throw TLSError.take("read the private key of \(source)")
        }
        unsafe self.certificate = certificate
        unsafe self.key = key
        if unsafe X509_check_private_key(certificate, key) != 1 {
            throw TLSError.take("\(source): certificate and private key do not belong together")
        }
    }

    deinit {
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    /// Who the certificate says we are, if it has a `rollcall://` URI.
    public var peerIdentity: PeerIdentity? {
        defer { ErrorQueue.clear() }
        return unsafe CertificateReader.identity(of: certificate)
    }

    private static func read(_ pem: String, _ reader: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
        var pem = pem
        return pem.withUTF8 { bytes in
            guard let bio = unsafe rollcall_memory_bio(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe reader(bio)
        }
    }
}
