internal import RollcallProtocol

/// The servers at which an agent registered, to know an older copy of one, and two that take turns. A server that
/// was restarted counts one start more; one of another registry is one that the agent was given.
struct MetServers: Equatable, Sendable {
    /// The last one last.
    private(set) var tags: [WireServerTag] = []

    /// More take turns in no fleet.
    private static let tagsMax = 4

    /// None yet, or those of before.
    init(tags: [WireServerTag] = []) { self.tags = Array(tags.suffix(Self.tagsMax)) }

    /// The last one.
    var last: WireServerTag? { tags.last }

    /// Registered at this one.
    /// - Returns: what is strange about that, if something is.
    mutating func meet(_ tag: WireServerTag) -> AgentEvent? {
        guard let before = tags.last, before.run != tag.run else {
            if tags.isEmpty { tags.append(tag) }
            return nil
        }
        let isBack = tags.contains { $0.run == tag.run }
        let isOlder = before.registryID == tag.registryID && tag.start <= before.start
        tags.removeAll { $0.run == tag.run }
        tags.append(tag)
        if tags.count > Self.tagsMax { tags.removeFirst() }
        return isBack || isOlder ? .otherServer(tag, before: before, isBack: isBack) : nil
    }
}
