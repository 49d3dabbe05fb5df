/// A machine as a registration shows it.
struct Sighting: Equatable, Sendable {
    var hostname: String
    var address: String
    var bootID: [UInt8]
    var machineID: String
    /// Number its agent's process chose at its start; 0 where not told.
    var instance: UInt64
    var firstAt: Instant
    var lastAt: Instant
    /// Times it came in place of another.
    var count = 1

    /// One process of one boot of one machine: none of the three ever comes back once another took its place.
    func isSameProcess(as other: Sighting) -> Bool {
        bootID == other.bootID && machineID == other.machineID
            && (instance == other.instance || instance == 0 || other.instance == 0)
    }

    func isSame(as other: Sighting) -> Bool { isSameProcess(as: other) && address == other.address }

    /// The same machine, started again or with its agent started again.
    func isSuccessor(of other: Sighting) -> Bool { machineID == other.machineID && address == other.address }
}

/// How two came to use one identity.
public enum TwinKind: UInt8, Hashable, Sendable, CaseIterable {
    /// One disk, two machines: clones of a template, or a restored snapshot beside its original.
    case clonedDisk = 1
    /// Two machines with ids of their own: the identity directory was copied.
    case copiedIdentity = 2
    /// One machine, two agents.
    case twoAgents = 3
    /// Alike even in what is made anew at each start: a snapshot with its memory.
    case runningSnapshot = 4

    init(_ one: Sighting, _ other: Sighting) {
        if one.machineID != other.machineID {
            self = .copiedIdentity
        } else if one.bootID != other.bootID {
            self = .clonedDisk
        } else if one.isSameProcess(as: other) {
            self = .runningSnapshot
        } else {
            self = .twoAgents
        }
    }

    /// As operators read it.
    public var inWords: String {
        switch self {
        case .clonedDisk: "same machine id, another boot"
        case .copiedIdentity: "another machine id"
        case .twoAgents: "same machine and boot, another process"
        case .runningSnapshot: "alike in everything but the address"
        }
    }
}

/// Who took the place of whom under one identity. A reboot, an agent started again or a machine that moved takes the
/// place of its own dead connection once; only two who live come back in place of each other.
struct TwinMemory: Sendable {
    /// The one before is last.
    private(set) var sightings: [Sighting]
    /// Times one came back in place of another.
    private(set) var returns = 0
    /// Of those, so soon that a connection that had merely died would not have been noticed by then.
    private(set) var quickReturns = 0
    /// When another than the one who holds the place was last seen.
    var contestedAt: Instant

    static let sightingsMax = 4
    /// An agent gives up a connection on which nothing is answered after 20 s.
    static let quick = Duration.seconds(15)

    init(_ first: Sighting, at now: Instant) {
        sightings = [first]
        contestedAt = now
    }

    /// Somebody else than the last one is here.
    mutating func see(_ comer: Sighting, at now: Instant) {
        contestedAt = now
        let gap = sightings.last.map { now - $0.lastAt } ?? .zero
        // It tries again, for it did not get in: nobody else was here meanwhile.
        if let last = sightings.last, last.isSame(as: comer) {
            sightings[sightings.count - 1].lastAt = now
            return
        }
        guard let known = sightings.firstIndex(where: { $0.isSame(as: comer) }) else {
            if sightings.count == Self.sightingsMax { sightings.removeFirst() }
            sightings.append(comer)
            return
        }
        var again = sightings.remove(at: known)
        again.lastAt = now
        again.count += 1
        again.hostname = comer.hostname
        sightings.append(again)
        returns += 1
        if gap < Self.quick { quickReturns += 1 }
    }

    /// The server's clock was set.
    mutating func move(by step: Duration) {
        contestedAt = contestedAt + step
        for place in sightings.indices {
            sightings[place].firstAt = sightings[place].firstAt + step
            sightings[place].lastAt = sightings[place].lastAt + step
        }
    }

    /// Whether it was there before.
    func knows(_ comer: Sighting) -> Bool { sightings.contains { $0.isSame(as: comer) } }

    /// Two who cannot be one. Who differs in nothing but its address may be one machine with two paths, which finds out
    /// slowly that one of them is dead.
    var isProof: Bool {
        guard returns >= 2, let last = sightings.last else { return false }
        return quickReturns >= 4 || sightings.contains { !$0.isSameProcess(as: last) }
    }
}
