/// How a request ended: gRPC's codes, as `Response.status` carries them. A code that this version does not know is kept
/// as it came.
public struct StatusCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt32

    /// The code with this number, known or not.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Done.
    public static let ok = StatusCode(rawValue: 0)
    /// The caller gave up.
    public static let cancelled = StatusCode(rawValue: 1)
    /// Nothing better is known.
    public static let unknown = StatusCode(rawValue: 2)
    /// The request is wrong, whatever the state of the server; the message names the field.
    public static let invalidArgument = StatusCode(rawValue: 3)
    /// It took too long.
    public static let deadlineExceeded = StatusCode(rawValue: 4)
    /// There is no such thing.
    public static let notFound = StatusCode(rawValue: 5)
    /// There is one already.
    public static let alreadyExists = StatusCode(rawValue: 6)
    /// This caller may not do this.
    public static let permissionDenied = StatusCode(rawValue: 7)
    /// A limit is reached: come back later.
    public static let resourceExhausted = StatusCode(rawValue: 8)
    /// Not in this state: something else must be done first.
    public static let failedPrecondition = StatusCode(rawValue: 9)
    /// It collides with another request, or fits several things.
    public static let aborted = StatusCode(rawValue: 10)
    /// Past the end of what there is.
    public static let outOfRange = StatusCode(rawValue: 11)
    /// The server does not know this method.
    public static let unimplemented = StatusCode(rawValue: 12)
    /// The server is at fault.
    public static let `internal` = StatusCode(rawValue: 13)
    /// Not now: come back later.
    public static let unavailable = StatusCode(rawValue: 14)
    /// Something kept is damaged or lost.
    public static let dataLoss = StatusCode(rawValue: 15)
    /// The caller has not said who it is.
    public static let unauthenticated = StatusCode(rawValue: 16)

    /// gRPC's name: "INVALID_ARGUMENT"; "status 99" for a number without one.
    public var description: String {
        Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : "status \(rawValue)"
    }

    /// In the order of their numbers.
    private static let names = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
}
