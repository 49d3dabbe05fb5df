internal import Foundation

/// The page about how good the detector is: tables and a plot, from simulated paths.
public struct QualityReport: Sendable {
    /// Heartbeats of each path.
    public var beats: Int
    /// Seeds that the design was tuned with, and seeds that only judge it.
    public var seeds: [UInt64]
    private var fleets: [Comparison] = []
    private var single: [(kind: PathKind, comparison: Comparison)] = []
    private var verdicts: [(kind: PathKind, score: VerdictScore)] = []

    static let targets = [1.1, 1.2, 1.5, 2, 3, 5, 10]

    /// Runs everything; takes minutes. `progress` is told what is done.
    public init(seeds: [UInt64], beats: Int, progress: (String) -> Void) {
        self.seeds = seeds
        self.beats = beats
        for seed in seeds {
            progress("a fleet of four paths, seed \(seed)")
            fleets.append(Comparison(PathKind.fleet.map { PathSimulation($0, beats: beats, seed: seed).trace }))
        }
        let judge = seeds.last ?? 1
        for kind in PathKind.allCases {
            let path = PathSimulation(kind, beats: beats, seed: judge)
            if !PathKind.fleet.contains(kind) {
                progress("\(kind.rawValue), seed \(judge)")
                single.append((kind, Comparison([path.trace])))
            }
            if kind != .shift { verdicts.append((kind, VerdictScore(path, seed: judge))) }
        }
    }

    /// The generated part of docs/detection.md.
    public var markdown: String {
        var text = "### One fleet, one setting\n\n"
        text += "Rack, office, VPN and mobile paths together, \(beats) heartbeats each, seed \(seeds.last ?? 1): "
        text += "mistakes an hour at a mean detection time of so many intervals.\n\n" + table(fleets.last)
        text += "\nThe same for every seed: ours, the best of the others, and ours over hindsight.\n\n"
        text += Self.heading("seed")
        for (seed, fleet) in zip(seeds, fleets) {
            text += Self.row("\(seed), ours", Self.targets.map { fleet.lines[0].curve.mistakes(at: $0) })
            text += Self.row("\(seed), best other", Self.targets.map { fleet.bestKnown(at: $0)?.mistakes })
            text += Self.row("\(seed), ours ÷ hindsight", Self.targets.map { Self.ratio(fleet, at: $0) })
        }
        text += "\n### Single paths\n\n"
        text += "Each detector has the one setting that suits this one path best. Ours, and the best of the others.\n\n"
        text += Self.heading("path")
        for (kind, comparison) in single {
            text += Self.row("\(kind.rawValue), ours", Self.targets.map { comparison.lines[0].curve.mistakes(at: $0) })
            text += Self.row(
                "\(kind.rawValue), best other", Self.targets.map { comparison.bestKnown(at: $0)?.mistakes })
        }
        return text + "\n" + verdictTable
    }

    private var verdictTable: String {
        var text =
            "### Suspicion and verdict\n\nDefault settings, seed \(seeds.last ?? 1). Every node lives: each verdict is "
        text +=
            "false. “After questions”: verdicts of a server that asked first; “not by the outage”: those of "
        text += "them before which a question could have got through.\n\n"
        text +=
            "| path | hours | suspicions | verdicts by silence alone | after questions | not by the outage | questions |\n"
        text += "|---|---|---|---|---|---|---|\n"
        for (kind, score) in verdicts {
            text += "| \(kind.rawValue) | \(Int(score.hours)) | \(score.suspicions) | \(score.verdictsBySilence) "
            text += "| \(score.verdicts) | \(score.verdicts - score.verdictsByOutage) | \(score.questions) |\n"
        }
        return text
    }

    private func table(_ comparison: Comparison?) -> String {
        guard let comparison else { return "" }
        return comparison.lines.reduce(Self.heading("")) { text, line in
            text + Self.row(line.name, Self.targets.map { line.curve.mistakes(at: $0) })
        }
    }

    private static func ratio(_ fleet: Comparison, at target: Double) -> Double? {
        guard let ours = fleet.lines[0].curve.mistakes(at: target),
            let limit = fleet.lines[fleet.lines.count - 1].curve.mistakes(at: target), limit > 0
        else { return nil }
        return ours / limit
    }

    private static func heading(_ what: String) -> String {
        "| \(what) | " + targets.map { Self.short($0) }.joined(separator: " | ") + " |\n|---|"
            + String(repeating: "---|", count: targets.count) + "\n"
    }

    private static func row(_ name: String, _ values: [Double?]) -> String {
        "| \(name) | " + values.map { $0.map(short) ?? "–" }.joined(separator: " | ") + " |\n"
    }

    /// Three digits.
    static func short(_ value: Double) -> String {
        let digits = value == 0 ? 0 : max(0, 2 - Int(floor(log10(abs(value)))))
        let scale = pow(10, Double(digits))
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    /// The plot of the last seed's fleet.
    public var svg: String { fleets.last.map { Plot($0).svg } ?? "" }
}
