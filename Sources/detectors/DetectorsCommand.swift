internal import ArgumentParser
internal import DetectorQuality
internal import Foundation

/// Measures the server's failure detector on traces of heartbeats.
@main
struct DetectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detectors",
        abstract: "Measure the server's failure detector on traces of heartbeats (docs/detection.md).",
        subcommands: [DeadlinesCommand.self, TraceCommand.self, ScoreCommand.self, ReportCommand.self])
}

/// Reads a trace, and writes when the server would have suspected its sender.
struct DeadlinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadlines",
        abstract: "Write the deadline after each heartbeat of a trace.",
        discussion: """
            The trace is CSV: sequence,sent,arrived in seconds, nothing for a heartbeat that was lost. The deadlines are \
            CSV: sequence,deadline, a line for each heartbeat that arrived and that no newer one had overtaken.
            """)

    @Argument(help: "The trace.") var trace: String
    @Argument(help: "Where to write the deadlines.") var deadlines: String
    @Option(help: "Between quick and careful; the operator's suspicion-margin.") var margin = 1.0

    func run() throws {
        let trace = try read(trace)
        let beats = trace.received
        var text = "sequence,deadline\n"
        for (beat, deadline) in zip(beats, LearnedDeadlines.all(beats, margin: margin)) {
            text += "\(beat.sequence),\(Trace.micro(deadline))\n"
        }
        try write(text, to: deadlines)
    }
}

/// Simulates a path.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Write the trace of a simulated path.",
        discussion: "Kinds: \(PathKind.allCases.map(\.rawValue).joined(separator: ", ")).")

    @Argument(help: "The kind of path.") var kind: String
    @Argument(help: "Where to write the trace.") var trace: String
    @Option(help: "How many heartbeats.") var beats = 400_000
    @Option(help: "Another seed, another trace.") var seed: UInt64 = 1

    func run() throws {
        guard let kind = PathKind(rawValue: kind), beats >= 2 else {
            throw ValidationError("“\(kind)” is no kind of path, or there are fewer than 2 beats; see --help")
        }
        try write(PathSimulation(kind, beats: beats, seed: seed).trace.csv, to: trace)
    }
}

/// Scores deadlines, ours or another detector's.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score a file of deadlines against its trace.")

    @Argument(help: "The trace.") var trace: String
    @Argument(help: "The deadlines.") var deadlines: String

    func run() throws {
        let beats = try read(trace).received
        var given: [Int: Double] = [:]
        for line in try text(of: deadlines).split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ",")
            if fields.count == 2, let sequence = Int(fields[0]), let deadline = Double(fields[1]) {
                given[sequence] = deadline
            }
        }
        if let missing = beats.first(where: { given[$0.sequence] == nil }) {
            throw TraceError("\(deadlines): no deadline after heartbeat \(missing.sequence), which arrived")
        }
        let score = Score(beats) { given[beats[$0].sequence] ?? 0 }
        print("detection \(Trace.micro(score.detection)) s, mistakes an hour \(Trace.micro(score.mistakesPerHour)),")
        print("each \(Trace.micro(score.mistakeSeconds)) s, right \(Trace.micro(score.accuracy * 100)) % of the time")
    }
}

/// Remakes the figures of docs/detection.md.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Compare with the detectors of the literature: a table and a plot.")

    @Argument(help: "The page; what stands between its two marks is replaced.") var page: String
    @Argument(help: "The plot, SVG.") var plot: String
    @Option(help: "Heartbeats of each path.") var beats = 400_000
    @Option(help: "Seeds; the last one judges.") var seeds = "1,2,3"

    static let begin = "<!-- begin: made by make detection -->\n"
    static let end = "<!-- end: made by make detection -->"

    func run() throws {
        let seeds = seeds.split(separator: ",").compactMap { UInt64($0) }
        guard !seeds.isEmpty, beats > 2_000 else { throw ValidationError("give at least one seed and 2001 beats") }
        let page = try text(of: page)
        guard let first = page.range(of: Self.begin), let last = page.range(of: Self.end) else {
            throw TraceError("\(self.page): the marks “\(Self.begin)” and “\(Self.end)” are not in it")
        }
        let report = QualityReport(seeds: seeds, beats: beats) { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
        try write(page[..<first.upperBound] + report.markdown + page[last.lowerBound...], to: self.page)
        try write(report.svg, to: plot)
    }
}

private func text(of file: String) throws -> String {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
        throw TraceError("\(file): cannot be read, or is not UTF-8")
    }
    return text
}

private func read(_ file: String) throws -> Trace { try Trace(csv: text(of: file), name: file) }

private func write(_ text: some StringProtocol, to file: String) throws {
    do { try text.write(toFile: file, atomically: true, encoding: .utf8) } catch {
        throw TraceError("\(file): cannot be written: \(error.localizedDescription)")
    }
}
