internal import CLibUV

/// Memory of the whole process.
public enum ProcessMemory {
    /// Gives what is free back to the system: of itself the C library keeps most of what was taken in small pieces. For after
    /// a great deal was freed. Any thread; others that want memory may wait for it meanwhile.
    public static func giveBack() { _ = malloc_trim(0) }
}
