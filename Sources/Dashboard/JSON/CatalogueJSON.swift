public import ErrorCatalogue

extension CatalogueEntry {
    /// The entry as a document, in one language.
    public func json(in language: Language) -> JSONValue {
        let text = text(in: language)
        return .object([
            ("code", .string(code.number)),
            ("variant", .text(code.variant)),
            ("severity", .string(severity == .critical ? "critical" : "warning")),
            ("title", .string(text.title)),
            ("meaning", .string(text.meaning)),
            ("causes", .array(text.causes.map { .string($0) })),
            ("remedies", .array(text.remedies.map { .string($0) })),
            ("evidence", .array(text.evidence.map { .string($0) })),
        ])
    }
}
