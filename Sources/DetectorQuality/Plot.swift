internal import Foundation

/// Mistakes an hour against detection time, both logarithmic, a line for each detector.
struct Plot {
    private let comparison: Comparison
    private let width = 860.0
    private let height = 520.0
    private let left = 60.0
    private let right = 250.0
    private let top = 20.0
    private let bottom = 50.0
    private let detections = (1.05, 12.0)
    private let mistakes = (0.03, 300.0)
    private static let colours = [
        "#c1121f", "#5b6770", "#1f77b4", "#2a9d8f", "#8a5a44", "#7b2cbf", "#b08900", "#457b9d", "#111111",
    ]

    init(_ comparison: Comparison) { self.comparison = comparison }

    private func x(_ detection: Double) -> Double {
        left + (width - left - right) * log(detection / detections.0) / log(detections.1 / detections.0)
    }

    private func y(_ rate: Double) -> Double {
        top + (height - top - bottom) * log(mistakes.1 / rate) / log(mistakes.1 / mistakes.0)
    }

    var svg: String {
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>

            """
        for detection in [1.1, 1.2, 1.5, 2, 3, 5, 10] {
            let x = number(x(detection))
            text +=
                "<line x1=\"\(x)\" y1=\"\(number(top))\" x2=\"\(x)\" y2=\"\(number(height - bottom))\" stroke=\"#ddd\"/>\n"
            text +=
                "<text x=\"\(x)\" y=\"\(number(height - bottom + 16))\" text-anchor=\"middle\">\(QualityReport.short(detection))</text>\n"
        }
        for rate in [0.1, 1, 10, 100] {
            let y = number(y(rate))
            text +=
                "<line x1=\"\(number(left))\" y1=\"\(y)\" x2=\"\(number(width - right))\" y2=\"\(y)\" stroke=\"#ddd\"/>\n"
            text +=
                "<text x=\"\(number(left - 6))\" y=\"\(y)\" text-anchor=\"end\">\(QualityReport.short(rate))</text>\n"
        }
        text +=
            "<text x=\"\(number((left + width - right) / 2))\" y=\"\(number(height - 12))\" text-anchor=\"middle\">mean detection time, intervals</text>\n"
        text +=
            "<text x=\"14\" y=\"\(number(height / 2))\" text-anchor=\"middle\" transform=\"rotate(-90 14 \(number(height / 2)))\">mistakes an hour, four paths</text>\n"
        for (place, line) in comparison.lines.enumerated() { text += drawn(line, place) }
        return text + "</svg>\n"
    }

    private func drawn(_ line: Comparison.Line, _ place: Int) -> String {
        let colour = Self.colours[place % Self.colours.count]
        let points = geometric(detections.0, detections.1, 120).compactMap { detection in
            line.curve.mistakes(at: detection).flatMap { rate in
                (mistakes.0...mistakes.1).contains(rate) ? "\(number(x(detection))),\(number(y(rate)))" : nil
            }
        }
        let style =
            place == 0 ? "stroke-width=\"3\"" : line.name == Comparison.hindsight ? "stroke-dasharray=\"5 4\"" : ""
        let legend = top + 20 + Double(place) * 20
        let name = line.name == Comparison.hindsight ? "hindsight, each path its own" : line.name
        return "<polyline fill=\"none\" stroke=\"\(colour)\" \(style) points=\"\(points.joined(separator: " "))\"/>\n"
            + "<line x1=\"\(number(width - right + 14))\" y1=\"\(number(legend))\" x2=\"\(number(width - right + 40))\" y2=\"\(number(legend))\" stroke=\"\(colour)\" \(style)/>\n"
            + "<text x=\"\(number(width - right + 46))\" y=\"\(number(legend + 4))\">\(name)</text>\n"
    }

    private func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
