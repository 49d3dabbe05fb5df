/// The unreachable nodes of a site. Of a few each is listed; of many only their number is known, and whoever looks for them
/// goes through the table in slices: a set of a hundred thousand stops its loop for milliseconds when it grows.
struct LostNodes: Sendable {
    /// Looked through in one slice.
    static let listedMax = RegistryLimits.reviewedPerTickMax

    private(set) var count = 0
    /// Each of them; nil since they were too many, until the last of them is gone.
    private(set) var listed: Set<Int32>? = []

    mutating func insert(_ index: Int32) {
        count += 1
        guard count <= Self.listedMax else { return listed = nil }
        listed?.insert(index)
    }

    mutating func remove(_ index: Int32) {
        count -= 1
        listed?.remove(index)
        if count == 0 { listed = [] }
    }
}
