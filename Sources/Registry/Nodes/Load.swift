/// How busy a machine is. A figure that is not known is nil. Not durable: it is old news after a restart.
public struct Load: Equatable, Sendable {
    /// Run-queue length averaged over one minute. A figure of its own, not a share.
    public var loadAverage1m: Double?
    /// Share of processor time in use since the last report, 0 to 1.
    public var cpuShare: Double?
    /// Physical memory, in bytes.
    public var memoryTotalBytes: UInt64?
    /// Memory that programs could still have without swapping, in bytes.
    public var memoryAvailableBytes: UInt64?

    /// Figures as given; the rest unknown.
    public init(
        loadAverage1m: Double? = nil, cpuShare: Double? = nil, memoryTotalBytes: UInt64? = nil,
        memoryAvailableBytes: UInt64? = nil
    ) {
        self.loadAverage1m = loadAverage1m
        self.cpuShare = cpuShare
        self.memoryTotalBytes = memoryTotalBytes
        self.memoryAvailableBytes = memoryAvailableBytes
    }
}
