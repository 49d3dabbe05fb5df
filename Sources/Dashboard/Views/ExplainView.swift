public import ErrorCatalogue
internal import Registry

/// What there is to say about error codes, whether or not they happened to anybody.
public struct ExplainView {
    private let language: Language
    private let canvas: Canvas

    /// A view in `language`.
    public init(in language: Language, on canvas: Canvas) {
        self.language = language
        self.canvas = canvas
    }

    /// The entries in full: meaning, causes, remedies, and the facts that an active error carries.
    public func lines(_ entries: [CatalogueEntry]) -> [Line] {
        Array(entries.map(lines).joined(separator: [Line()]))
    }

    /// One line for each code that there is.
    public func list(_ entries: [CatalogueEntry]) -> [Line] {
        let column = (entries.map(\.code.rawValue.displayWidth).max() ?? 0) + 2
        return entries.flatMap { entry in
            canvas.paragraph(entry.code.rawValue, entry.text(in: language).title, labelInk: .strong, column: column)
        }
    }

    private func lines(_ entry: CatalogueEntry) -> [Line] {
        let text = entry.text(in: language)
        var head = Line(entry.code.rawValue, .strong)
        head.append("  ")
        head.append(severity(entry.severity), entry.severity == .critical ? .bad : .caution)
        return [head]
            + canvas.paragraph("", text.title, .strong, indent: 2, column: 0)
            + canvas.paragraph("", text.meaning, indent: 2, column: 0)
            + list(text.causes, under: language == .english ? "causes" : "可能原因", isNumbered: false)
            + list(text.remedies, under: language == .english ? "remedies" : "處理步驟", isNumbered: true)
            + list(text.evidence, under: language == .english ? "evidence" : "佐證資料", isNumbered: false)
            + list(
                DecisionTable.rows(for: entry.code).map { "\($0.name): \($0.pattern)" },
                under: language == .english ? "raised if" : "條件", isNumbered: false)
    }

    private func severity(_ severity: Severity) -> String {
        switch severity {
        case .information: Term.information.name(in: language)
        case .warning: Term.warning.name(in: language)
        case .critical: Term.critical.name(in: language)
        }
    }

    private func list(_ items: [String], under title: String, isNumbered: Bool) -> [Line] {
        items.enumerated().flatMap { index, item in
            canvas.paragraph(
                index == 0 ? title : "", item, bullet: isNumbered ? "\(index + 1). " : "- ", indent: 2, column: 10)
        }
    }
}
