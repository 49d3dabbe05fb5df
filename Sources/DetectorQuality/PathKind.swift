/// Kinds of paths, with numbers for each, after what is published of such paths and what operators of them tell.
public enum PathKind: String, CaseIterable, Sendable {
    /// One rack: hosts pause now and then, the network hardly ever.
    case rack
    /// Another floor: a little jitter, a cut in a day.
    case office
    /// A site behind a VPN: cuts of 2 to 90 s each other hour.
    case vpn
    /// A mobile network: 2 % loss, cuts of 3 to 120 s four times an hour, hosts that sleep.
    case mobile
    /// A beat each 0.1 s over datagrams between continents, with the statistics published of a week between EPFL and
    /// JAIST (Hayashibara et al. 2004).
    case datagrams = "wan-datagrams"
    /// The same over TCP.
    case continents = "wan-tcp"
    /// A beat each 30 s through a VPN that rekeys.
    case slow = "vpn-30s"
    /// A beat each second on a LAN, from machines whose snapshots stall them.
    case stalls = "lan-1s"
    /// The server changes the interval three times, and the path doubles its delay half way.
    case shift

    /// The four that one fleet has, with one interval of 5 s.
    public static let fleet: [PathKind] = [.rack, .office, .vpn, .mobile]

    var numbers: PathNumbers {
        switch self {
        case .rack:
            PathNumbers(
                interval: 5, wobble: 0.005, stallsPerHour: 0.2, stall: 3, delay: 0.0002, jitter: 0.0001,
                congestion: .init(jitter: 0.001, perHour: 1, scale: 30, longest: 900), loss: 0,
                cuts: .init(perHour: 0.005, shape: 0.9, scale: 1, longest: 30))
        case .office:
            PathNumbers(
                interval: 5, wobble: 0.005, stallsPerHour: 0.5, stall: 3, delay: 0.004, jitter: 0.002,
                congestion: .init(jitter: 0.020, perHour: 1, scale: 30, longest: 900), loss: 0.0005,
                cuts: .init(perHour: 0.05, shape: 0.9, scale: 1, longest: 60))
        case .vpn:
            PathNumbers(
                interval: 5, wobble: 0.005, stallsPerHour: 0.5, stall: 3, delay: 0.030, jitter: 0.006,
                congestion: .init(jitter: 0.060, perHour: 1, scale: 30, longest: 900), loss: 0.003,
                cuts: .init(perHour: 0.5, shape: 0.9, scale: 2, longest: 90))
        case .mobile:
            PathNumbers(
                interval: 5, wobble: 0.005, stallsPerHour: 2, stall: 3, delay: 0.080, jitter: 0.060,
                congestion: .init(jitter: 0.600, perHour: 1, scale: 30, longest: 900), loss: 0.02,
                cuts: .init(perHour: 4, shape: 0.9, scale: 3, longest: 120))
        case .datagrams, .continents:
            PathNumbers(
                interval: 0.1033, wobble: 0.0003, delay: 0.135, jitter: 0.004,
                congestion: .init(jitter: 0.030, perHour: 6, scale: 12, longest: 300), loss: 0.0003,
                cuts: .init(perHour: 4.8, shape: 0.75, scale: 0.12, longest: 113), isDatagram: self == .datagrams)
        case .slow:
            PathNumbers(
                interval: 30, wobble: 0.02, stallsPerHour: 0.3, stall: 4, delay: 0.020, jitter: 0.003,
                congestion: .init(jitter: 0.150, perHour: 1, scale: 60, longest: 1_800), loss: 0.002,
                cuts: .init(perHour: 0.25, shape: 0.9, scale: 2, longest: 90))
        case .stalls:
            PathNumbers(
                interval: 1, wobble: 0.001, stallsPerHour: 2, stall: 1.5, delay: 0.0003, jitter: 0.0001,
                congestion: .init(jitter: 0.004, perHour: 1, scale: 20, longest: 300), loss: 0.00005,
                cuts: .init(perHour: 0.02, shape: 1, scale: 1, longest: 60))
        case .shift:
            PathNumbers(
                interval: 1, wobble: 0.002, delay: 0.040, jitter: 0.005,
                congestion: .init(jitter: 0.050, perHour: 4, scale: 15, longest: 200), loss: 0.001,
                cuts: .init(perHour: 1, shape: 1, scale: 0.5, longest: 60), changes: [1, 0.2, 5, 1], laterDelay: 0.060)
        }
    }
}

/// What makes a path; times in seconds.
struct PathNumbers: Sendable {
    struct Congestion: Sendable {
        var jitter: Double
        var perHour: Double
        var scale: Double
        var longest: Double
    }

    struct Cuts: Sendable {
        var perHour: Double
        var shape: Double
        var scale: Double
        var longest: Double
    }

    var interval: Double
    /// Deviation of a gap between two sendings; only ever longer.
    var wobble: Double
    var stallsPerHour = 0.0
    var stall = 0.0
    var delay: Double
    var jitter: Double
    var congestion: Congestion
    var loss: Double
    var cuts: Cuts
    var isDatagram = false
    /// Intervals of equal parts of the trace, if it changes.
    var changes: [Double] = []
    /// Added to the delay in the second half.
    var laterDelay = 0.0

    /// First retransmission timer: 1.5 round trips, at least 0.2 s (RFC 6298 with the minimum of Linux).
    var firstTimer: Double { max(0.2, 3 * delay) }
}
