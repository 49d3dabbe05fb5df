import Glibc
import TestSupport
import Testing

@testable import SecureTransport

/// Looks for keys in all of the process's memory, where a wiped one must not be found.
@Suite("Keys of records")
struct RecordSecretTests {
    /// Something to look for, kept in a form in which the search does not find itself.
    struct Hidden {
        private let masked: [UInt8]
        init(_ bytes: [UInt8]) { masked = bytes.map { $0 ^ 0xA5 } }
        init(_ bytes: UnsafePointer<UInt8>?, _ count: Int) { masked = (0..<count).map { (bytes?[$0] ?? 0) ^ 0xA5 } }

        fileprivate func reveal(at place: UnsafeMutableRawPointer) {
            for (index, byte) in masked.enumerated() {
                place.storeBytes(of: byte ^ 0xA5, toByteOffset: index, as: UInt8.self)
            }
        }

        fileprivate var count: Int { masked.count }
    }

    /// Which of them lie anywhere in memory that can be written. The list of what is mapped may miss a part while other
    /// threads map and unmap, so that one search proves little if it finds nothing.
    private static func found(_ secrets: [Hidden]) throws -> Set<Int> {
        let memory = open("/proc/self/mem", O_RDONLY)
        defer { close(memory) }
        try #require(memory >= 0)
        let size = 1 << 20
        let window = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        let needles = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
        defer {
            memset(window, 0, size)
            memset(needles, 0, 4096)
            window.deallocate()
            needles.deallocate()
        }
        for (index, secret) in secrets.enumerated() { secret.reveal(at: needles + 64 * index) }
        let own = [
            UInt(bitPattern: window)..<UInt(bitPattern: window) + UInt(size),
            UInt(bitPattern: needles)..<UInt(bitPattern: needles) + 4096,
        ]
        var found: Set<Int> = []
        for line in try String(contentsOfProc: "/proc/self/maps").split(separator: "\n") {
            let fields = line.split(separator: " ")
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields[1].hasPrefix("rw"), ends.count == 2 else { continue }
            // Pieces overlap by the longest secret.
            for place in stride(from: ends[0], to: ends[1], by: size - 64) {
                let count = pread(memory, window, min(size, Int(ends[1] - place)), off_t(place))
                guard count > 64 else { break }
                for (index, secret) in secrets.enumerated() where !found.contains(index) {
                    var from = 0
                    while let hit = find(needles + 64 * index, secret.count, in: window + from, count - from) {
                        from = hit - window + 1
                        let at = place + UInt(hit - window)
                        if !own.contains(where: { $0.contains(at) }) { found.insert(index) }
                    }
                }
            }
        }
        return found
    }

    private static func areFound(_ secrets: [Hidden]) throws -> Bool {
        for _ in 0..<10 where try found(secrets).count == secrets.count { return true }
        return false
    }

    private static func noneIsFound(_ secrets: [Hidden]) throws -> Bool {
        try found(secrets).isEmpty && found(secrets).isEmpty
    }

    private static func find(
        _ needle: UnsafeMutableRawPointer, _ length: Int, in start: UnsafeMutableRawPointer, _ count: Int
    ) -> UnsafeMutableRawPointer? {
        let first = Int32(needle.load(as: UInt8.self))
        var place = start
        let last = start + count - length
        while place <= last, let found = memchr(place, first, last - place + 1) {
            if memcmp(found, needle, length) == 0 { return found }
            place = found + 1
        }
        return nil
    }

    /// One after the other: what a search has copied, another one would find.
    @Test("are gone after a KeyUpdate, and all of them at the end")
    func wiped() throws {
        for suite in [RecordSuite.aes256GCM, .chaCha20Poly1305] { try wiped(suite) }
    }

    private func wiped(_ suite: RecordSuite) throws {
        var chance = SystemRandomNumberGenerator()
        var up = (0..<suite.secretBytes).map { _ in UInt8.random(in: 0...255, using: &chance) }
        var down = (0..<suite.secretBytes).map { _ in UInt8.random(in: 0...255, using: &chance) }
        let bench = try RecordBench(suite, secrets: (up, down))
        var secrets = [Hidden(up), Hidden(down)]
        for index in up.indices {
            up[index] = 0
            down[index] = 0
        }
        secrets += Self.keys(bench)
        #expect(try Self.areFound(secrets))
        // Both keys change, in the layer and in the client.
        bench.feed(bench.sealData([1]) + bench.sealKeyUpdate(asking: true) + bench.sealData([2]))
        _ = bench.open(bench.settle())
        _ = bench.write([1]).map { bench.open($0) }
        #expect(try Self.noneIsFound(secrets))
        secrets = Self.keys(bench)
        #expect(try Self.areFound(secrets))
        bench.ciphers.pointee.wipe(suite, &bench.client)
        bench.ciphers.pointee.wipe(suite, &bench.server)
        #expect(try Self.areFound(secrets))
        bench.layer.pointee.end(&bench.ciphers.pointee)
        #expect(try Self.noneIsFound(secrets))
    }

    private static func keys(_ bench: RecordBench) -> [Hidden] {
        let count = bench.suite.keyBytes
        let client = bench.client.withKey { Hidden($0, count) }
        let server = bench.server.withKey { Hidden($0, count) }
        return [client, server]
    }
}

extension String {
    /// A file of /proc, which has no length.
    fileprivate init(contentsOfProc path: String) throws {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        self.init(decoding: bytes, as: UTF8.self)
    }
}
