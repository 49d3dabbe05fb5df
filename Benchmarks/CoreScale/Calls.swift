import Foundation

/// How long calls of one kind took.
struct Calls: CustomStringConvertible {
    private var microseconds: [Float] = []

    var count: Int { microseconds.count }

    /// By the thread's own processor time: what else the machine does is no pause of ours.
    mutating func time(_ body: () -> Void) {
        let start = Self.threadNanoseconds
        body()
        microseconds.append(Float(Self.threadNanoseconds - start) / 1_000)
    }

    private static var threadNanoseconds: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    mutating func add(_ duration: Duration) { microseconds.append(Float(duration / .microseconds(1))) }

    /// In milliseconds.
    var worst: Double { rounded(Double(microseconds.max() ?? 0) / 1_000) }

    /// In microseconds.
    func percentile(_ percent: Int) -> Double {
        guard !microseconds.isEmpty else { return 0 }
        return Double(microseconds.sorted()[min(count - 1, count * percent / 100)])
    }

    var description: String {
        "p50 \(rounded(percentile(50))) µs, p99 \(rounded(percentile(99))) µs, worst \(worst) ms of \(count)"
    }
}

/// Real time and the process's processor time since it was made.
struct Stopwatch {
    private let begun = ContinuousClock.now
    private let processor = Self.processorSeconds

    var milliseconds: Double { rounded((ContinuousClock.now - begun) / .milliseconds(1)) }
    var processorMilliseconds: Double { rounded((Self.processorSeconds - processor) * 1_000) }

    private static var processorSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6
    }
}

enum Memory {
    /// Of this process.
    static var residentBytes: Int {
        let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return (pages.flatMap { Int($0) } ?? 0) * 4_096
    }
}

func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

func report(_ name: String, _ figures: String) {
    print(name + String(repeating: " ", count: max(1, 34 - name.count)) + figures)
}
