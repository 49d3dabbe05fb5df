internal import COpenSSL

/// Bytes that nobody else may learn: they lie in one place, are never printed, and are wiped when the last owner lets go.
/// Immutable once filled.
@safe public final class SecretBytes: @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer

    /// So many bytes, filled by `fill` before anybody else sees them; nil if that fails.
    init?(count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Bool) {
        unsafe bytes = .allocate(byteCount: count, alignment: 8)
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        guard unsafe fill(bytes) else { return nil }
    }

    /// A copy of these, which the caller has to see to.
    init(_ source: some Collection<UInt8>) {
        unsafe bytes = .allocate(byteCount: source.count, alignment: 8)
        unsafe bytes.copyBytes(from: source)
    }

    deinit {
        unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        unsafe bytes.deallocate()
    }

    /// How many.
    var count: Int { unsafe bytes.count }

    /// Lends them, where they lie.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(bytes))
    }

    /// Whether others are the same, in a time that does not tell where they differ.
    func isEqual(_ other: [UInt8]) -> Bool {
        unsafe other.count == bytes.count && CRYPTO_memcmp(bytes.baseAddress, other, bytes.count) == 0
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// How many they are, and nothing else.
    public var description: String { "\(count) secret bytes" }
    /// No parts: a failing test or a log line must not print them.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
