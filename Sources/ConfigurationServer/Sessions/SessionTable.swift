/// The sessions of one loop, by their numbers: a place in an array, and how manyth session of the loop it is. A number is never
/// used again, a place is. Eight bytes a session, and no hash on the way of a reply.
struct SessionTable {
    private var places: ContiguousArray<Session?> = []
    private var free: ContiguousArray<Int32> = []
    private var made: UInt64 = 0

    /// Bits of a number that tell the place: sixteen million connections of one loop.
    private static let placeBits: UInt64 = 24

    /// Where a session of this number is, as an index for tables beside this one.
    static func place(of number: UInt64) -> Int32 { Int32(truncatingIfNeeded: number & (1 << placeBits - 1)) }

    /// How manyth session of its loop it is: for people.
    static func ordinal(of number: UInt64) -> UInt64 { number >> placeBits }

    /// Takes in the session that is made with this number.
    mutating func insert(_ make: (UInt64) -> Session) -> Session {
        let place = free.popLast() ?? Int32(places.count)
        precondition(place < 1 << Self.placeBits, "sixteen million connections on one loop")
        if place == places.count { places.append(nil) }
        made += 1
        let session = make(made << Self.placeBits | UInt64(place))
        places[Int(place)] = session
        return session
    }

    /// Takes a session out. False if it is not there.
    mutating func remove(_ session: Session) -> Bool {
        let place = Self.place(of: session.id.number)
        guard self[session.id.number] === session else { return false }
        places[Int(place)] = nil
        free.append(place)
        return true
    }

    /// The session of this number, if it is still there.
    subscript(number: UInt64) -> Session? {
        guard let session = self[at: Self.place(of: number)], session.id.number == number else { return nil }
        return session
    }

    /// Whoever is at this place.
    subscript(at place: Int32) -> Session? { places.indices.contains(Int(place)) ? places[Int(place)] : nil }

    /// All of them, as they are now.
    var all: [Session] { places.compactMap(\.self) }

    var count: Int { places.count - free.count }
}
