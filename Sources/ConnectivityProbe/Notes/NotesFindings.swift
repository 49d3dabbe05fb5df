internal import EventLoop

/// Lays what both ends saw of an attempt side by side. Pure.
enum NotesFindings {
    /// A line for each address with attempts that came to nothing; `seen` nil: the server could not be asked.
    static func checks(_ made: [AttemptMade], _ seen: [AttemptSeen]?) -> [Check] {
        var addresses: [SocketAddress] = []
        for attempt in made where !addresses.contains(attempt.address) { addresses.append(attempt.address) }
        return addresses.map { address in
            guard let seen else {
                return Check(.notes, at: address, .unknown, nil, "the server could not be asked what it saw")
            }
            let words = made.filter { $0.address == address }.map { attempt in
                sentence(attempt, seen.first { $0.port == attempt.port })
            }
            return Check(.notes, at: address, .passed, nil, words.joined(separator: "; "))
        }
    }

    private static func sentence(_ made: AttemptMade, _ seen: AttemptSeen?) -> String {
        let sent = made.sentBytes.map { "you sent \(grouped($0)) bytes" } ?? "you sent it"
        guard let seen else {
            return
                "\(made.what): \(sent), and the server knows of no such connection: something in between took it, or "
                + "changed its port (NAT)"
        }
        let way: String
        if let bytes = made.sentBytes, seen.bytesIn < bytes {
            way =
                seen.bytesIn == 0
                ? "the server received none of them" : "the server received the first \(grouped(seen.bytesIn))"
        } else if seen.bytesOut > (made.receivedBytes ?? 0) {
            way =
                "the server received all of them and answered \(grouped(seen.bytesOut)) bytes, of which "
                + "\(grouped(made.receivedBytes ?? 0)) arrived here"
        } else {
            way = "the server received \(grouped(seen.bytesIn)) bytes"
        }
        return "\(made.what): \(sent), \(way), and then \(seen.end) (\(seen.reason))"
    }

    private static func grouped(_ number: Int) -> String {
        number < 1000
            ? "\(number)"
            : "\(number / 1000),\(String(repeating: "0", count: 3 - "\(number % 1000)".count))\(number % 1000)"
    }
}
