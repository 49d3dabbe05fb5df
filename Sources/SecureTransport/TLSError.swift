internal import COpenSSL

/// What OpenSSL had to say: its error stack as a value, oldest first, and the verdict on the peer's certificate.
public struct TLSError: Error, Equatable, Sendable {
    /// What was tried: "handshake", "read", "load certificate FILE".
    public let operation: String
    /// OpenSSL's reasons, oldest first: "certificate verify failed".
    public let reasons: [String]
    /// Why the peer's certificate was refused, if it was.
    public let refusal: TLSRefusal?

    /// An error of ours, in OpenSSL's clothes.
    public init(operation: String, reasons: [String], refusal: TLSRefusal? = nil) {
        self.operation = operation
        self.reasons = reasons
        self.refusal = refusal
    }

    /// Takes everything that lies on the calling thread's error stack, and so clears it.
    static func take(_ operation: String, refusal: TLSRefusal? = nil) -> TLSError {
        var reasons: [String] = []
        while true {
            var information: UnsafePointer<CChar>?
            var flags: Int32 = 0
            let code = unsafe ERR_get_error_all(nil, nil, nil, &information, &flags)
            guard code != 0 else { break }
            var reason = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "error \(code)"
            if flags & ERR_TXT_STRING != 0, let information = unsafe information {
                let text = unsafe String(cString: information)
                if !text.isEmpty { reason += " (\(text))" }
            }
            reasons.append(reason)
        }
        return TLSError(operation: operation, reasons: reasons, refusal: refusal ?? .from(reasons: reasons))
    }
}

extension TLSError: CustomStringConvertible {
    /// What was tried and why it failed, in one line.
    public var description: String {
        let why = refusal?.description ?? reasons.last ?? "failed without a reason"
        return "\(operation): \(why)"
    }
}
