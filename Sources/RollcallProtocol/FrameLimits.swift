/// The limits of a frame, each with its reason.
public enum FrameLimits {
    /// One byte of flags and four of length: gRPC's length-prefixed message.
    public static let headerBytes = 5

    /// What a known peer may send in one message. The largest honest one, a registration with 64 services and 32
    /// addresses, stays under 40 KiB.
    public static let messageBytesMax = 64 * 1024

    /// What a peer may make us hold before it has proven who it is. Room for an enrolment with an RSA-4096 request and
    /// long names, which stays under 6 KiB.
    public static let unauthenticatedMessageBytesMax = 8 * 1024

    /// What a client takes from the server in one message: a full page of nodes.
    public static let responseBytesMax = 4 * 1024 * 1024
}
