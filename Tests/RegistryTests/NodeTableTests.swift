import TestSupport
import Testing

@testable import Registry

@Suite("Node table")
struct NodeTableTests {
    private func node(_ number: UInt64, hostname: String, services: Int = 3) -> Node {
        var facts = registration(number, hostname: hostname).facts
        facts.machineID = "machine-\(number)"
        facts.addresses = ["10.0.0.\(number % 250)", "fd00::\(number)"]
        facts.processServer = "ps-\(number % 7)"
        let records = (0..<services).map { place in
            Node.Service(
                record: ServiceRecord(
                    report: ServiceReport(
                        name: "service \(place)", state: .allCases[place % 6], startType: .disabled,
                        detail: "seen \(number)", unit: "unit-\(place)"),
                    reportedAt: t0 + .nanoseconds(Int64(number)), since: t0 - .seconds(place)),
                carrier: place == 1 ? .processServer : nil)
        }
        var component = Component(kind: .scoutApplicationService, lastHeard: t0 + .seconds(9))
        component.connection = ConnectionFacts(
            peerAddress: "192.0.2.200:51111", localAddress: "[::1]:443", tlsVersion: "TLSv1.3")
        component.lastClose = "reset by peer"
        return Node(
            id: id(number), facts: facts, site: 0, components: [component, Component(kind: .mobilityAgent)],
            services: records, reachability: .suspect, reachabilitySince: t0, firstSeen: t0 + .nanoseconds(1),
            registeredAt: t0, lastSeen: t0 + .seconds(9), clockSkew: .milliseconds(-1_500),
            durability: Node.Durability(isStored: true))
    }

    @Test("what is packed is what was given, whole and after each change")
    func packing() {
        var node = node(5, hostname: "Web-5")
        let (facts, services, components) = (node.facts, node.services, node.components)
        #expect(facts.hostname == "Web-5" && facts.machineID == "machine-5")
        #expect(facts.addresses == ["10.0.0.5", "fd00::5"])
        #expect(facts.bootID.count == 16)
        #expect(services.count == 3)
        #expect(services[2].record.report.detail == "seen 5")
        #expect(services[2].record.since == t0 - .seconds(2))
        #expect(services[1].carrier == .processServer)
        #expect(components.count == 2)
        #expect(components[0].connection.peerAddress == "192.0.2.200:51111")
        #expect(components[0].lastClose == "reset by peer")
        #expect(components[1].lastHeard == nil)

        node.load = Load(loadAverage1m: 0.25, cpuShare: nil, memoryTotalBytes: .max, memoryAvailableBytes: 0)
        node.loadAt = t0 - .seconds(1)
        node.loss = Node.Loss(how: .protocolError("no frame"), at: t0 + .seconds(3))
        node.services[0].record.report.name = String(repeating: "long ", count: 60)
        var texts = SharedTexts()
        node.settle(&texts)
        #expect(node.load?.memoryTotalBytes == .max && node.load?.loadAverage1m == 0.25 && node.load?.cpuShare == nil)
        #expect(node.loadAt == t0 - .seconds(1))
        #expect(node.loss == Node.Loss(how: .protocolError("no frame"), at: t0 + .seconds(3)))
        #expect(node.components == components)
        #expect(node.services.dropFirst() == services.dropFirst())
        #expect(node.services[0].record.report.name.count == 300)
        node.facts.hostname = String(repeating: "x", count: 255)
        #expect(node.hostname.count == 255)
        #expect(node.facts.addresses == facts.addresses)
        #expect(node.components == components)
        #expect(node.record.peerAddress == "192.0.2.200:51111")
    }

    @Test("texts that nodes have in common have one storage, as long as there is room for them")
    func sharing() {
        var texts = SharedTexts()
        let lists = (0..<2).map { _ in texts.shared(["a", String(repeating: "b", count: 40)], .facts) }
        #expect(isOneStorage(lists[0], lists[1]))
        for number in 0..<SharedTexts.listsMax {
            #expect(texts.shared(["text \(number)"], .facts) == ["text \(number)"])
        }
        #expect(texts.shared(["one more"], .facts) == ["one more"])
        #expect(isOneStorage(texts.shared(["a", String(repeating: "b", count: 40)], .facts), lists[0]))
    }

    private func isOneStorage(_ left: [String], _ right: [String]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress } }
    }

    @Test("a quiet node is small: what a fleet has in common is kept once")
    func size() {
        let node = node(5, hostname: "web-0000005")
        #expect(MemoryLayout<Node>.stride <= 176)
        #expect(node.packed.byteCount <= 200)
        #expect(node.packed.byteCapacity <= node.packed.byteCount + 16, "no room that is not needed")
    }

    @Test("nodes come and go, and each is found by id, by name and by prefix")
    func comingAndGoing() {
        var table = NodeTable()
        var generator = SeededGenerator(seed: 11)
        var living: [UInt64: String] = [:]
        for step in 0..<6_000 {
            if step % 3 == 2, let number = living.keys.sorted().randomElement(using: &generator) {
                if let index = table.index(of: id(number)) { table.remove(index) }
                living[number] = nil
            } else {
                let name = "Host-\(UInt64.random(in: 0..<500, using: &generator))"
                living[UInt64(step)] = name
                _ = table.insert(node(UInt64(step), hostname: name, services: 0))
            }
        }
        #expect(table.count == living.count)
        for number in 0..<6_000 as Range<UInt64> {
            let index = table.index(of: id(number))
            #expect((index == nil) == (living[number] == nil))
            if let index { #expect(table[index].hostname == living[number]) }
        }
        for name in ["host-7", "HOST-450"] {
            let alike = living.filter { $0.value.lowercased() == name.lowercased() }.keys.sorted()
            let found = table.indexes(named: name)
            #expect(found.first.map { table[$0].id.low } == alike)
            #expect(found.count == alike.count)
        }
        let prefixed = table.indexes(withPrefix: "hOsT-4", limit: 3)
        #expect(prefixed.count == living.values.count { $0.hasPrefix("Host-4") })
        #expect(prefixed.first.count == 3)
        // Sorted all at once, the order is the one that grew.
        let grown = order(of: table)
        #expect(grown == grown.sorted { $0 < $1 })
        table.indexAll()
        #expect(order(of: table) == grown)
    }

    private func order(of table: NodeTable) -> [NameOrder.Key] {
        var keys: [NameOrder.Key] = []
        var place = table.names.start
        while let index = table.names.node(at: place) {
            keys.append(table[index].nameKey)
            place = table.names.place(after: place)
        }
        return keys
    }

    @Test("a machine id comes back as it went in", arguments: ["", "0", "0f", "00ff12ab", "00FF", "machine 7", "abc"])
    func machineID(text: String) {
        var facts = registration(1).facts
        facts.machineID = text
        let packed = PackedNode(facts, [], nil, since: t0)
        #expect(packed.facts(role: .mobilityAgent, platform: .linux) == facts)
    }

    @Test("the largest registration that is let in can be packed")
    func largest() throws {
        func long(_ bytes: Int, _ number: Int = 0) -> String {
            String(repeating: "x", count: bytes - 3) + "\(100 + number)"
        }
        var facts = registration(1, hostname: long(255)).facts
        facts.addresses = (0..<RegistryLimits.addressesPerNodeMax).map { long(64, $0) }
        facts.machineID = long(64)
        facts.osVersion = long(128)
        let services = (0..<RegistryLimits.servicesPerNodeMax).map { place in
            Node.Service(
                record: ServiceRecord(
                    report: ServiceReport(
                        name: long(128, place), state: .stopped, detail: long(256), unit: long(128)),
                    reportedAt: t0 + .seconds(place * 1_000_000), since: t0 - .seconds(place)), carrier: nil)
        }
        var packed = PackedNode(facts, services, nil, since: t0)
        #expect(packed.facts(role: .mobilityAgent, platform: .linux) == facts)
        #expect(packed.services(since: t0) == services)
        packed.setServices([], since: t0)
        packed.setFacts(registration(1).facts)
        #expect(packed.facts(role: .mobilityAgent, platform: .linux) == registration(1).facts)
    }

    @Test("an array of chunks is an array")
    func chunks() {
        var array = ChunkedArray<Int>()
        for number in 0..<10_000 { array.append(number) }
        let copy = array
        for index in array.indices { array[index] *= 2 }
        #expect(array.indices.allSatisfy { array[$0] == 2 * $0 && copy[$0] == $0 })
    }
}
