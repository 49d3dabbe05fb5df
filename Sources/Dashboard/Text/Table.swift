/// Columns of text, made to fit a width: first with short titles and short cells, then with its widest columns cut
/// (`…`), then without the columns that are least missed.
public struct Table {
    private let columns: [Column]
    private var rows: [[Cell]] = []

    /// Space between two columns.
    private static let gap = 2

    /// A column, and how it may give way.
    public struct Column {
        let title: String
        let shortTitle: String
        let padding: Line.Side
        let minimum: Int
        let dropRank: Int?

        /// A column.
        /// - Parameters:
        ///   - title: its heading.
        ///   - short: its heading where room is scarce.
        ///   - numbers: right-aligned.
        ///   - minimum: columns of the terminal that it is not cut below while others can give way.
        ///   - dropRank: the lowest is dropped first; nil: never dropped.
        public init(
            _ title: String, short: String? = nil, numbers: Bool = false, minimum: Int = 4, dropRank: Int? = nil
        ) {
            self.title = title
            shortTitle = short ?? title
            padding = numbers ? .left : .right
            self.minimum = minimum
            self.dropRank = dropRank
        }
    }

    /// A cell.
    public struct Cell {
        let text: String
        let short: String
        let ink: Ink

        /// A cell that reads `text`, or `short` where room is scarce.
        public init(_ text: String, _ ink: Ink = .plain, short: String? = nil) {
            self.text = text.printable
            self.short = short?.printable ?? self.text
            self.ink = ink
        }
    }

    /// A table with these columns and no rows.
    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row. A row shorter than the table ends in empty cells; cells beyond the last column are not shown.
    public mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    /// Title and rows, fitted to `width` columns of the terminal; nil: as wide as they are.
    public func lines(width: Int? = nil) -> [Line] {
        let layout = layout(for: width)
        var title = Line()
        for (place, index) in layout.shown.enumerated() {
            let text = layout.short.contains(index) ? columns[index].shortTitle : columns[index].title
            if place > 0 { title.append("  ") }
            title.append(
                text.cut(to: layout.widths[index]), .faint, padding: columns[index].padding, to: layout.widths[index])
        }
        return [title] + rows.map { line(of: $0, in: layout) }
    }

    private func line(of row: [Cell], in layout: Layout) -> Line {
        var line = Line()
        for (place, index) in layout.shown.enumerated() {
            if place > 0 { line.append("  ") }
            guard index < row.count else { continue }
            let text = layout.short.contains(index) ? row[index].short : row[index].text
            line.append(
                text.cut(to: layout.widths[index]), row[index].ink,
                padding: columns[index].padding, to: layout.widths[index])
        }
        return line
    }

    private struct Layout {
        var shown: [Int]
        var widths: [Int]
        var short: Set<Int> = []

        var total: Int { total(widths) }
        func total(_ widths: [Int]) -> Int {
            shown.reduce(0) { $0 + widths[$1] } + Table.gap * max(0, shown.count - 1)
        }
    }

    private func layout(for width: Int?) -> Layout {
        let natural = columns.indices.map { naturalWidth(of: $0, short: false) }
        guard let width else { return Layout(shown: Array(columns.indices), widths: natural) }
        let short = columns.indices.map { naturalWidth(of: $0, short: true) }
        var shown = Array(columns.indices)
        while true {
            var layout = Layout(shown: shown, widths: natural)
            // Short forms first where they save the most.
            let savings = shown.filter { short[$0] < natural[$0] }
                .sorted { (natural[$0] - short[$0], $1) > (natural[$1] - short[$1], $0) }
            for index in savings where layout.total > width {
                layout.short.insert(index)
                layout.widths[index] = short[index]
            }
            if layout.total <= width { return layout }
            let minima = zip(columns, layout.widths).map { min($0.minimum, $1) }
            if layout.total(minima) <= width { return shrunk(layout, to: width, minima: minima) }
            let droppable = shown.filter { columns[$0].dropRank != nil }
            guard let least = droppable.min(by: { (columns[$0].dropRank ?? 0) < (columns[$1].dropRank ?? 0) }) else {
                return shrunk(layout, to: width, minima: columns.map { _ in 1 })
            }
            shown.removeAll { $0 == least }
        }
    }

    /// Takes columns away from whichever is the widest, as far as `minima` allow.
    private func shrunk(_ layout: Layout, to width: Int, minima: [Int]) -> Layout {
        var layout = layout
        while layout.total > width {
            let candidates = layout.shown.filter { layout.widths[$0] > minima[$0] }
            guard let widest = candidates.max(by: { layout.widths[$0] < layout.widths[$1] }) else { break }
            layout.widths[widest] -= 1
        }
        return layout
    }

    private func naturalWidth(of index: Int, short: Bool) -> Int {
        let cells = rows.lazy.filter { index < $0.count }.map { row in
            (short ? row[index].short : row[index].text).displayWidth
        }
        return max((short ? columns[index].shortTitle : columns[index].title).displayWidth, cells.max() ?? 0)
    }
}
