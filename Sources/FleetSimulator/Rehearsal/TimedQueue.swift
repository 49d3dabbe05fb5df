internal import HeapModule
internal import Registry

/// What will happen, by its time; at one time in the order in which it was put in, so that a run can be repeated.
struct TimedQueue<Event> {
    /// Small, for a heap moves its entries about; the event itself stays in its place.
    private struct Entry: Comparable {
        var at: Instant
        var order: UInt64
        var place: Int

        static func == (left: Entry, right: Entry) -> Bool { left.order == right.order }
        static func < (left: Entry, right: Entry) -> Bool {
            left.at == right.at ? left.order < right.order : left.at < right.at
        }
    }

    private var heap = Heap<Entry>()
    private var events: [Event?] = []
    private var free: [Int] = []
    private var order: UInt64 = 0

    mutating func add(_ event: Event, at: Instant) {
        let place: Int
        if let reused = free.popLast() {
            place = reused
            events[place] = event
        } else {
            place = events.count
            events.append(event)
        }
        heap.insert(Entry(at: at, order: order, place: place))
        order += 1
    }

    /// Takes out the next event that is not after the limit.
    mutating func popNext(notAfter limit: Instant) -> (at: Instant, event: Event)? {
        guard let first = heap.min, first.at <= limit, let event = events[first.place] else { return nil }
        heap.removeMin()
        events[first.place] = nil
        free.append(first.place)
        return (first.at, event)
    }
}
