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

        /// Whether a search finds it. The list of what is mapped may miss a part while other threads map and unmap, so that
        /// one search proves little if it finds nothing.
        func isFound() throws -> Bool {
            for _ in 0..<10 where try isInMemory() { return true }
            return false
        }

        /// Whether it lies anywhere in memory that can be written.
        func isInMemory() throws -> Bool {
            let memory = open("/proc/self/mem", O_RDONLY)
            defer { close(memory) }
            try #require(memory >= 0)
            let maps = try String(contentsOfProc: "/proc/self/maps")
            let window = UnsafeMutableRawPointer.allocate(byteCount: 1 << 20, alignment: 16)
            let needle = UnsafeMutableRawPointer.allocate(byteCount: masked.count, alignment: 16)
            defer {
                memset(window, 0, 1 << 20)
                memset(needle, 0, masked.count)
                window.deallocate()
                needle.deallocate()
            }
            for (index, byte) in masked.enumerated() {
                needle.storeBytes(of: byte ^ 0xA5, toByteOffset: index, as: UInt8.self)
            }
            let own = UInt(bitPattern: window)..<UInt(bitPattern: window) + 1 << 20
            for line in maps.split(separator: "\n") {
                let fields = line.split(separator: " ")
                let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                guard fields[1].hasPrefix("rw"), ends.count == 2 else { continue }
                var place = ends[0]
                while place < ends[1] {
                    let count = pread(memory, window, min(1 << 20, Int(ends[1] - place)), off_t(place))
                    guard count > 0 else { break }
                    var from = 0
                    while let found = Self.find(needle, masked.count, in: window + from, count - from) {
                        let at = place + UInt(found - window)
                        if at != UInt(bitPattern: needle), !own.contains(at) { return true }
                        from = found - window + 1
                    }
                    if count <= masked.count { break }
                    place += UInt(count - masked.count)
                    if place + UInt(masked.count) >= ends[1] { break }
                }
            }
            return false
        }
    }

    /// One after the other: what a search has copied, another one would find.
    @Test("are gone after a KeyUpdate, and all of them at the end")
    func wiped() throws {
        for suite in RecordSuite.allCases { try wiped(suite) }
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
        for secret in secrets { #expect(try secret.isFound()) }
        // Both keys change, in the layer and in the client.
        bench.feed(bench.sealData([1]) + bench.sealKeyUpdate(asking: true) + bench.sealData([2]))
        _ = bench.open(bench.settle())
        _ = bench.write([1]).map { bench.open($0) }
        for secret in secrets { #expect(try !secret.isInMemory() && !secret.isInMemory()) }
        secrets = Self.keys(bench)
        for secret in secrets { #expect(try secret.isFound()) }
        bench.ciphers.pointee.wipe(suite, &bench.client)
        bench.ciphers.pointee.wipe(suite, &bench.server)
        for secret in secrets { #expect(try secret.isFound()) }
        bench.layer.pointee.end(&bench.ciphers.pointee)
        for secret in secrets { #expect(try !secret.isInMemory() && !secret.isInMemory()) }
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
