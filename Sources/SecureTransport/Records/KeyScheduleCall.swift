internal import COpenSSL
internal import Glibc

/// What OpenSSL asks of "TLS13-KDF" in one call (EVP_KDF-TLS13_KDF(7)), read from its list of parameters. Lent for the call.
@safe struct KeyScheduleCall {
    /// HKDF-Expand-Label; if not, the step from one secret to the next (RFC 8446 section 7.1: Derive-Secret, HKDF-Extract).
    private(set) var isExpansion = true
    /// Without "tls13 ".
    private(set) var label = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private var hash: ScheduleHash = .sha256
    /// What is expanded or extracted; absent: zeros.
    private var key = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// The secret before; absent at the first.
    private var salt = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// The hash of the messages so far.
    private var context = unsafe UnsafeRawBufferPointer(start: nil, count: 0)

    /// Nil if something else is asked for than TLS 1.3 does. Names are told apart by as much of them as differs: there are seven.
    init?(_ parameters: UnsafePointer<OSSL_PARAM>?) {
        guard var next = unsafe parameters else { return nil }
        while let name = unsafe next.pointee.key {
            let value = unsafe UnsafeRawBufferPointer(start: next.pointee.data, count: next.pointee.data_size)
            switch unsafe (UInt8(bitPattern: name[0]), UInt8(bitPattern: name[1])) {
            case (UInt8(ascii: "m"), UInt8(ascii: "o")):  // mode
                guard value.count == MemoryLayout<Int32>.size else { return nil }
                let mode = unsafe value.loadUnaligned(as: Int32.self)
                isExpansion = mode == EVP_KDF_HKDF_MODE_EXPAND_ONLY
                guard isExpansion || mode == EVP_KDF_HKDF_MODE_EXTRACT_ONLY else { return nil }
            case (UInt8(ascii: "d"), UInt8(ascii: "i")):  // digest: a text, whose length may be left out
                guard let text = unsafe next.pointee.data?.assumingMemoryBound(to: CChar.self) else { return nil }
                if unsafe strstr(text, "384") != nil {
                    hash = .sha384
                } else if unsafe strstr(text, "256") == nil {
                    return nil
                }
            case (UInt8(ascii: "p"), _): guard unsafe value.elementsEqual("tls13 ".utf8) else { return nil }  // prefix
            case (UInt8(ascii: "k"), _): unsafe key = unsafe value
            case (UInt8(ascii: "s"), _): unsafe salt = unsafe value
            case (UInt8(ascii: "l"), _): unsafe label = unsafe value
            case (UInt8(ascii: "d"), UInt8(ascii: "a")): unsafe context = unsafe value
            default: return nil
            }
            unsafe next += 1
        }
    }

    /// Computes what was asked for; false if OpenSSL fails, or a length is none of TLS 1.3's.
    func run(_ schedule: KeySchedule, into output: UnsafeMutableRawBufferPointer) -> Bool {
        if isExpansion { return unsafe !key.isEmpty && schedule.expand(hash, key, label, of: context, into: output) }
        let zeros = InlineArray<48, UInt8>(repeating: 0)
        return unsafe withUnsafeBytes(of: zeros) { zeros in
            let key = unsafe self.key.isEmpty ? UnsafeRawBufferPointer(rebasing: zeros[..<hash.bytes]) : self.key
            // The first salt is none, which HMAC makes zeros of.
            if unsafe salt.isEmpty { return unsafe schedule.extract(hash, salt: salt, key, into: output) }
            // The next is derived from the secret before and no message. It stands where it will be overwritten.
            return unsafe hash.ofNothing.withUnsafeBytes {
                unsafe schedule.expand(hash, salt, label, of: $0, into: output)
            } && schedule.extract(hash, salt: UnsafeRawBufferPointer(output), key, into: output)
        }
    }
}
