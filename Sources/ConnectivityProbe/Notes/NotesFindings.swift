internal import ErrorCatalogue
internal import EventLoop

/// Lays what both ends saw of an attempt side by side. Pure.
enum NotesFindings {
    /// A line for each address with attempts that came to nothing; `seen` nil: the server could not be asked.
    static func checks(_ made: [AttemptMade], _ seen: [AttemptSeen]?) -> [Check] {
        var addresses: [SocketAddress] = []
        for attempt in made where !addresses.contains(attempt.address) { addresses.append(attempt.address) }
        return addresses.map { address in
            guard let seen else {
                return Check(
                    .notes, at: address, .unknown, nil,
                    Phrase("the server could not be asked what it saw", "無法詢問伺服器看到了什麼"))
            }
            let words = made.filter { $0.address == address }.map { attempt in
                sentence(attempt, seen.first { $0.port == attempt.port })
            }
            return Check(.notes, at: address, .passed, nil, words.inClauses())
        }
    }

    private static func sentence(_ made: AttemptMade, _ seen: AttemptSeen?) -> Phrase {
        let sent =
            made.what
            + (made.sentBytes.map { Phrase(": you sent \(grouped($0)) bytes, ", "：此處送出 \(grouped($0)) 位元組，") }
                ?? Phrase(": you sent it, ", "：此處送出了，"))
        guard let seen else {
            return sent
                + Phrase(
                    "and the server knows of no such connection: something in between took it, or changed its port (NAT)",
                    "伺服器卻不知道有這個連線：中間有東西接走了它，或改了它的連接埠（NAT）")
        }
        let way: Phrase
        if let bytes = made.sentBytes, seen.bytesIn < bytes {
            way =
                seen.bytesIn == 0
                ? Phrase("the server received none of them", "伺服器一個也沒收到")
                : Phrase(
                    "the server received the first \(grouped(seen.bytesIn))", "伺服器收到前 \(grouped(seen.bytesIn)) 位元組")
        } else if seen.bytesOut > (made.receivedBytes ?? 0) {
            let (out, back) = (grouped(seen.bytesOut), grouped(made.receivedBytes ?? 0))
            way = Phrase(
                "the server received all of them and answered \(out) bytes, of which \(back) arrived here",
                "伺服器全部收到，並回了 \(out) 位元組，其中 \(back) 到達此處")
        } else {
            way = Phrase("the server received \(grouped(seen.bytesIn)) bytes", "伺服器收到 \(grouped(seen.bytesIn)) 位元組")
        }
        return sent + way + Phrase(", and then ", "，然後") + seen.end + Phrase(" (\(seen.reason))", "（\(seen.reason)）")
    }

    private static func grouped(_ number: Int) -> String {
        number < 1000
            ? "\(number)"
            : "\(number / 1000),\(String(repeating: "0", count: 3 - "\(number % 1000)".count))\(number % 1000)"
    }
}
