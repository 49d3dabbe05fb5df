/// Lists of texts that many nodes have in common (versions and site; service names and units), each kept once: equal
/// lists get one storage. A fleet of a million machines has some thousand different ones.
///
/// Reading needs nothing of this: a node holds its lists. At the limit, new ones are kept with their nodes.
struct SharedTexts: Sendable {
    /// Enough for a fleet's combinations of versions and sites. A rehash of so many takes less than a millisecond.
    static let listsMax = 16_384

    /// What a list is about.
    enum Part: Int, CaseIterable {
        case facts, services, contact, connection
    }

    private var known: Set<[String]> = []
    /// The list of each part that was asked for last: the next node has the same as a rule, and to compare is less work
    /// than to hash.
    private var last = [[String]](repeating: [], count: Part.allCases.count)

    /// An equal list, shared with others where it can be.
    mutating func shared(_ list: [String], _ part: Part) -> [String] {
        if list.isEmpty { return list }
        if list == last[part.rawValue] { return last[part.rawValue] }
        let isFull = known.count >= Self.listsMax
        let shared =
            isFull ? known.firstIndex(of: list).map { known[$0] } ?? list : known.insert(list).memberAfterInsert
        last[part.rawValue] = shared
        return shared
    }
}
