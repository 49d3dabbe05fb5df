import Registry

/// What rows said lately. Nodes of a fleet differ in their names and times, and hardly in what they are: their lists are
/// told from those read before by comparing, a fifth of the work of reading them. Confined to the thread that reads.
struct RecentRows {
    private var lastComponents: (text: String, kinds: [ComponentKind]) = ("[]", [])
    /// The last one that fitted first.
    private var templates: [ServiceTemplate] = []
    /// As many as there are sorts of machines.
    private static let templatesMax = 8

    /// Reads column `components`.
    /// - Throws: `MalformedText`.
    mutating func components(_ text: String) throws -> [ComponentKind] {
        if lastComponents.text != text {
            lastComponents = (text, try JSONReader.list(text).compactMap(ComponentKind.known))
        }
        return lastComponents.kinds
    }

    /// Reads column `services`.
    /// - Throws: `MalformedText`.
    mutating func services(_ text: String) throws -> [ServiceRecord] {
        if text == "[]" { return [] }
        for place in templates.indices {
            guard let records = templates[place].records(text) else { continue }
            if place > 0 { templates.swapAt(0, place) }
            return records
        }
        let records = try ServiceRecord.list(text)
        if let template = ServiceTemplate(text, records) {
            templates.insert(template, at: 0)
            templates = Array(templates.prefix(Self.templatesMax))
        }
        return records
    }
}
