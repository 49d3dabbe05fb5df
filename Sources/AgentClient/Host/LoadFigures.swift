/// Figures of /proc/loadavg and /proc/meminfo.
enum LoadFigures {
    /// Run-queue length averaged over one minute: the first figure of /proc/loadavg.
    static func loadAverage(_ text: String) -> Double? {
        guard let figure = text.split(separator: " ").first.flatMap({ Double($0) }), figure.isFinite, figure >= 0 else {
            return nil
        }
        return figure
    }

    /// Physical memory, and what could still be had without swapping, in bytes, from /proc/meminfo. Kernels before 3.14
    /// (CentOS 6) tell no MemAvailable; free and cached memory then stand for it.
    static func memory(_ text: String) -> (total: UInt64?, available: UInt64?) {
        var kibibytes: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, words[0].hasSuffix(":"), let count = UInt64(words[1]) else { continue }
            kibibytes[words[0].dropLast()] = count
        }
        let cached = kibibytes["MemFree"].map { $0 &+ (kibibytes["Buffers"] ?? 0) &+ (kibibytes["Cached"] ?? 0) }
        return (bytes(kibibytes["MemTotal"]), bytes(kibibytes["MemAvailable"] ?? cached))
    }

    private static func bytes(_ kibibytes: UInt64?) -> UInt64? {
        guard let (product, overflow) = kibibytes?.multipliedReportingOverflow(by: 1024), !overflow else { return nil }
        return product
    }
}
