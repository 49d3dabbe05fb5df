internal import Foundation

/// The heartbeats of one path: when each was sent and when it arrived, in seconds of one clock.
public struct Trace: Equatable, Sendable {
    /// One heartbeat.
    public struct Beat: Equatable, Sendable {
        /// Its number.
        public var sequence: Int
        /// When it was sent, seconds.
        public var sent: Double
        /// When it arrived, seconds; nil: never.
        public var arrived: Double?
    }

    /// Where it comes from: a file, or a kind of path and a seed.
    public var name: String
    /// In the order in which they were sent.
    public var beats: [Beat]

    /// A trace with these heartbeats.
    public init(name: String, beats: [Beat]) {
        self.name = name
        self.beats = beats
    }

    /// Heartbeats in the order in which they arrived, without those that a newer one has overtaken: what a detector sees.
    public var received: [Received] {
        var newest = Int.min
        return beats.compactMap { beat in
            beat.arrived.map { Received(sequence: beat.sequence, sent: beat.sent, at: $0) }
        }
        .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        .filter { beat in
            guard beat.sequence >= newest else { return false }
            newest = beat.sequence
            return true
        }
    }

    /// A heartbeat that arrived.
    public struct Received: Equatable, Sendable {
        /// Its number.
        public var sequence: Int
        /// The sender's stamp, seconds.
        public var sent: Double
        /// When it arrived, seconds.
        public var at: Double
    }
}

/// A file that is not what it should be; says which line and what is expected there.
public struct TraceError: Error, Equatable, CustomStringConvertible {
    /// The sentence.
    public var description: String

    /// An error that says this.
    public init(_ description: String) { self.description = description }
}

extension Trace {
    /// Reads CSV: `sequence,sent,arrived` in seconds, with or without a heading; nothing for a heartbeat that was lost.
    /// - Throws: `TraceError` naming the line.
    public init(csv: String, name: String) throws(TraceError) {
        var beats: [Beat] = []
        var number = 0
        for line in csv.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if line.isEmpty || number == 1 && line.first.map({ !$0.isNumber }) ?? true { continue }
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == 3, let sequence = Int(fields[0]), let sent = Double(fields[1]),
                fields[2].isEmpty || Double(fields[2]) != nil
            else { throw TraceError("\(name):\(number): “\(line.prefix(60))” is not sequence,sent,arrived") }
            let arrived = Double(fields[2])
            guard sequence >= 0, Self.seconds.contains(sent), Self.seconds.contains(arrived ?? 0) else {
                throw TraceError(
                    "\(name):\(number): “\(line.prefix(60))”: numbers begin with 0, and seconds lie within 120 years of 0"
                )
            }
            beats.append(Beat(sequence: sequence, sent: sent, arrived: arrived))
        }
        let arrivals = beats.count { $0.arrived != nil }
        guard arrivals >= 2 else {
            throw TraceError(
                "\(name): \(arrivals) of \(beats.count) heartbeats arrived: it takes two to know the interval; "
                    + "a line is sequence,sent,arrived in seconds")
        }
        self.init(name: name, beats: beats)
    }

    /// What a clock of nanoseconds can tell, the Unix time included.
    private static let seconds = -3.8e9...3.8e9

    /// The same CSV, in microseconds.
    public var csv: String {
        var text = "sequence,sent,arrived\n"
        for beat in beats {
            text += "\(beat.sequence),\(Self.micro(beat.sent)),\(beat.arrived.map(Self.micro) ?? "")\n"
        }
        return text
    }

    /// Seconds with six decimals.
    public static func micro(_ seconds: Double) -> String {
        let whole = Int((abs(seconds) * 1e6).rounded())
        let fraction = String(whole % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - fraction.count)
        return "\(seconds < 0 && whole > 0 ? "-" : "")\(whole / 1_000_000).\(zeros)\(fraction)"
    }
}
