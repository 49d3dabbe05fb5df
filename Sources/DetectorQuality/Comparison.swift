/// Every detector on some traces, with one setting for all of them, as a fleet has it.
public struct Comparison: Sendable {
    /// A detector's curve.
    struct Line: Sendable {
        var name: String
        var curve: Curve
    }

    /// What was tried.
    var names: [String]
    /// Ours first, then the known ones, then hindsight.
    var lines: [Line]

    static let ours = "Rollcall"
    static let hindsight = "each path its own timeout, chosen in hindsight"

    /// Margins that our own detector is tried with: as many as the others have settings, up to where it waits for more than ten
    /// intervals on the best of paths.
    public static let margins = geometric(1e-3, 1e6, 90)

    /// What is known of one trace.
    private struct Ground {
        var beats: [Trace.Received]
        /// Median of the gaps between arrivals, and of the delays.
        var unit: Double
        var rest: Double

        init(_ trace: Trace) {
            beats = trace.received
            unit = median(beats.indices.dropFirst().map { [beats] in beats[$0].at - beats[$0 - 1].at })
            rest = median(beats.map { $0.at - $0.sent })
        }

        func point(_ deadline: (Int) -> Double) -> Curve.Point {
            let score = Score(beats, deadline: deadline)
            return Curve.Point(detection: (score.detection - rest) / unit, mistakes: score.mistakesPerHour)
        }
    }

    /// Compares on these traces.
    public init(_ traces: [Trace]) {
        names = traces.map(\.name)
        let grounds = traces.map(Ground.init)
        let known = grounds.map { KnownDetector.all($0.beats) }
        lines = []
        let own = Self.margins.map { margin in
            Self.together(
                grounds.map { ground in
                    let deadlines = LearnedDeadlines.all(ground.beats, margin: margin)
                    return ground.point { deadlines[$0] }
                })
        }
        lines.append(Line(name: Self.ours, curve: Curve(own)))
        for which in known[0].indices {
            let points = known[0][which].parameters.indices.map { parameter in
                Self.together(
                    zip(grounds, known).map { ground, all in
                        let detector = all[which]
                        let value = detector.parameters[parameter]
                        return ground.point { detector.deadline(value, $0) }
                    })
            }
            lines.append(Line(name: known[0][which].name, curve: Curve(points)))
        }
        lines.append(Line(name: Self.hindsight, curve: Self.inHindsight(grounds)))
    }

    /// Mean detection time, all mistakes.
    private static func together(_ points: [Curve.Point]) -> Curve.Point {
        Curve.Point(
            detection: points.map(\.detection).reduce(0, +) / Double(points.count),
            mistakes: points.map(\.mistakes).reduce(0, +))
    }

    /// The limit of knowing each path: for each the constant timeout that one who has seen it all would choose, at one
    /// price of waiting for all.
    private static func inHindsight(_ grounds: [Ground]) -> Curve {
        let timeouts = geometric(1.001, 1.2, 60) + geometric(1.21, 60, 140)
        let curves = grounds.map { ground in
            timeouts.map { timeout in ground.point { ground.beats[$0].at + timeout * ground.unit } }
        }
        return Curve(
            geometric(1e-4, 1e4, 400).map { price in
                together(
                    curves.map { curve in
                        curve.min { $0.mistakes + price * $0.detection < $1.mistakes + price * $1.detection }
                            ?? curve[0]
                    })
            })
    }

    /// The least that a known detector makes at this detection time, and which.
    func bestKnown(at detection: Double) -> (mistakes: Double, name: String)? {
        lines.dropFirst().dropLast().compactMap { line in
            line.curve.mistakes(at: detection).map { ($0, line.name) }
        }.min { $0.0 < $1.0 }
    }
}
