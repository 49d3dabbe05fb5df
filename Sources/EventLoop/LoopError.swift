internal import CLibUV
internal import Glibc

/// What libuv or the kernel answered when it did not do what it was asked. The one place where a negative libuv result
/// becomes Swift.
public struct LoopError: Error, Hashable, Sendable {
    /// The libuv code: negative, on Linux `-errno`.
    public let code: Int32
    /// What was tried: "bind", "listen", "connect" …
    public let operation: String

    /// An error with a libuv code.
    public init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }

    /// The error in the calling thread's `errno`.
    package static func fromErrno(_ operation: String) -> LoopError {
        LoopError(code: -errno, operation: operation)
    }

    /// Throws if the result is negative.
    @discardableResult
    static func check(_ result: Int32, _ operation: String) throws(LoopError) -> Int32 {
        guard result >= 0 else { throw LoopError(code: result, operation: operation) }
        return result
    }

    /// The code's name: "ECONNREFUSED".
    public var name: String { unsafe String(cString: uv_err_name(code)) }

    /// The code in words: "connection refused".
    public var reason: String { unsafe String(cString: uv_strerror(code)) }

    /// The address is taken by another socket (EADDRINUSE).
    public var isAddressInUse: Bool { code == UV_EADDRINUSE.rawValue }
    /// Not allowed (EACCES, EPERM): a privileged port without the capability, a socket file of someone else.
    public var isPermissionDenied: Bool { code == UV_EACCES.rawValue || code == UV_EPERM.rawValue }
    /// The address does not exist on this machine (EADDRNOTAVAIL).
    public var isAddressNotAvailable: Bool { code == UV_EADDRNOTAVAIL.rawValue }
    /// The address family does not exist on this machine (EAFNOSUPPORT): IPv6 is off.
    public var isFamilyNotSupported: Bool { code == UV_EAFNOSUPPORT.rawValue }
    /// Nobody listens there (ECONNREFUSED).
    public var isConnectionRefused: Bool { code == UV_ECONNREFUSED.rawValue }
    /// The peer reset the connection (ECONNRESET, EPIPE).
    public var isConnectionReset: Bool { code == UV_ECONNRESET.rawValue || code == UV_EPIPE.rawValue }
    /// No answer in time (ETIMEDOUT).
    public var isTimedOut: Bool { code == UV_ETIMEDOUT.rawValue }
    /// No route, or a router said so (EHOSTUNREACH, ENETUNREACH).
    public var isUnreachable: Bool { code == UV_EHOSTUNREACH.rawValue || code == UV_ENETUNREACH.rawValue }
    /// No such file (ENOENT).
    public var isNotFound: Bool { code == UV_ENOENT.rawValue }
    /// Out of descriptors, of the process or the machine (EMFILE, ENFILE).
    public var isOutOfDescriptors: Bool { code == UV_EMFILE.rawValue || code == UV_ENFILE.rawValue }
}

extension LoopError: CustomStringConvertible {
    /// What was tried and what came of it.
    public var description: String { "\(operation): \(reason) (\(name))" }
}
