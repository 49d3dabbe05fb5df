/// Lists of texts that many nodes have in common (versions and site; service names and units), each kept once: equal
/// lists get one storage. A fleet of a million machines has some thousand different ones.
///
/// Reading needs nothing of this: a node holds its lists. At the limit, new ones are kept with their nodes.
struct SharedTexts: Sendable {
    /// Enough for a fleet's combinations of versions and sites. A rehash of so many takes less than a millisecond.
    static let listsMax = 16_384

    private var known: Set<[String]> = []

    /// An equal list, shared with others where it can be.
    mutating func shared(_ list: [String]) -> [String] {
        guard !list.isEmpty, known.count < Self.listsMax else {
            return list.isEmpty ? list : known.firstIndex(of: list).map { known[$0] } ?? list
        }
        return known.insert(list).memberAfterInsert
    }
}
