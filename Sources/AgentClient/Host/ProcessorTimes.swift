/// Processor time since the boot, in the kernel's ticks, over all processors: one sample of /proc/stat.
public struct ProcessorTimes: Equatable, Sendable {
    /// Ticks in which nothing ran: idle, and waiting for a disk.
    let idle: UInt64
    /// All ticks.
    let total: UInt64

    /// The sample in the text of /proc/stat; nil if its first line is not the processors' sum.
    init?(stat text: String) {
        guard let line = text.split(separator: "\n", maxSplits: 1).first, line.hasPrefix("cpu ") else { return nil }
        // user nice system idle iowait irq softirq steal; guest times are in user and nice already (proc(5)).
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard ticks.count >= 4 else { return nil }
        idle = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
        total = ticks.reduce(0, &+)
    }

    /// Share of processor time in use between an earlier sample and this one, 0 to 1; nil if no time has passed, or the
    /// counters went back (iowait may: proc(5)).
    func shareInUse(since earlier: ProcessorTimes) -> Double? {
        guard total > earlier.total, idle >= earlier.idle else { return nil }
        return min(1, max(0, 1 - Double(idle - earlier.idle) / Double(total - earlier.total)))
    }
}
