import Testing

@testable import Registry

@Suite("Ends of connections")
struct EndPlaceTests {
    @Test(
        "are told as they were given, whatever was given",
        arguments: [
            "", "192.0.2.7:443", "0.0.0.0:0", "255.255.255.255:65535", "256.0.0.1:1", "1.2.3.4:65536", "1.2.3:4",
            "01.2.3.4:5",
            "1.2.3.4:05", "1.2.3.4", "1.2.3.4:", "1..3.4:5", "1.2.3.4:5:6", "[2001:db8::7]:443", "local user 0",
            "1.2.3.4.5:6",
            "99999999999.1.1.1:1",
        ])
    func text(_ given: String) {
        let place = EndPlace.text(given)
        #expect(place.text == given)
        #expect(place.packed.text == given)
    }

    @Test("take no text of their own where they are IPv4")
    func packed() {
        #expect(EndPlace.text("192.0.2.7:443").packed == .ipv4(0xC000_0207, port: 443))
        #expect(EndPlace.text("[2001:db8::7]:443").packed == .text("[2001:db8::7]:443"))
    }
}

@Suite("What a connection takes")
struct OpenNodeTests {
    /// There is one of each for every connection: the figures of docs/internals/memory.md.
    @Test("of the core's memory is no more than was measured")
    func sizes() {
        #expect(MemoryLayout<Component>.stride <= 104)
        #expect(MemoryLayout<Node>.stride <= 256)
    }
}
