/// What is wrong with a scenario: file, line and fault.
public struct ScenarioError: Error, Equatable, CustomStringConvertible {
    /// In one line.
    public let description: String

    init(_ file: String, _ line: Int, _ fault: String) {
        description = line > 0 ? "\(file):\(line): \(fault)" : "\(file): \(fault)"
    }

    /// A word that is none of those that could stand there.
    init(_ file: String, _ line: Int, unknown word: String, _ place: String, of known: [String]) {
        let nearest = known.min { $0.distance(to: word) < $1.distance(to: word) }
        let meant = nearest.flatMap { $0.distance(to: word) <= 2 ? ": did you mean '\($0)'?" : nil } ?? "."
        self.init(file, line, "there is no '\(word)' \(place)\(meant) There are: \(known.joined(separator: ", "))")
    }
}

extension String {
    /// Letters to add, drop or change until it is the other one (Levenshtein).
    fileprivate func distance(to other: String) -> Int {
        var row = Array(0...other.count)
        for (place, letter) in enumerated() {
            var corner = row[0]
            row[0] = place + 1
            for (column, wanted) in other.enumerated() {
                let changed = corner + (letter == wanted ? 0 : 1)
                corner = row[column + 1]
                row[column + 1] = Swift.min(changed, corner + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
