internal import CLibUV
internal import Glibc

/// Tells the service manager how things stand: the datagrams of sd_notify(3), without libsystemd. Does nothing where no
/// service manager asked (`NOTIFY_SOCKET` is not set). Any thread.
public enum ServiceNotifier {
    /// Sends assignments, one per line: "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…".
    public static func notify(_ state: String) {
        guard let path = variable("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@") else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // An abstract socket's name begins with a zero byte.
        if path.hasPrefix("@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = rollcall_datagram_socket(AF_UNIX)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let message = Array(state.utf8)
        unsafe withUnsafePointer(to: &address) { pointer in
            let name = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            unsafe _ = sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), name, length)
        }
    }

    /// How often the service manager wants to hear "WATCHDOG=1": half of what it allows. Nil if it does not care.
    public static var watchdogPeriod: Duration? {
        guard let text = variable("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 1 else { return nil }
        return .microseconds(microseconds / 2)
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

/// How many descriptors the process may have open.
public enum DescriptorLimit {
    /// Raises the soft limit to the hard one, and returns what holds now.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
