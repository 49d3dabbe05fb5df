import Registry

/// A list of watched services without its times.
struct ServiceTemplate {
    /// The text between the times.
    private var pieces: [String] = []
    private let services: [ServiceRecord]

    /// Nil for a text that this version would write otherwise: what it says stands nobody knows where.
    init?(_ text: String, _ services: [ServiceRecord]) {
        // Compared as text, whose equality is that of bytes only here.
        guard text == ServiceRecord.list(services), text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        self.services = services
        var rest = text[...]
        for service in services {
            for (name, time) in [("reported_at", service.reportedAt), ("since", service.since)] {
                guard let member = rest.firstRange(of: ",\"\(name)\":") else { return nil }
                pieces.append(String(rest[..<member.upperBound]))
                rest = rest[member.upperBound...].dropFirst("\(time.unixMilliseconds)".count)
            }
        }
        pieces.append(String(rest))
    }

    /// The services of a text that differs in the times only; nil if it differs in more.
    func records(_ text: String) -> [ServiceRecord]? {
        var records = services
        var rest = text[...]
        for place in pieces.indices {
            guard rest.utf8.count >= pieces[place].utf8.count else { return nil }
            let end = rest.utf8.index(rest.startIndex, offsetBy: pieces[place].utf8.count)
            guard rest[..<end] == pieces[place] else { return nil }
            rest = rest[end...]
            guard place < pieces.count - 1 else { break }
            let digits = rest.utf8.prefix { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
            guard let milliseconds = Int64(Substring(digits)) else { return nil }
            let time = Instant(unixMilliseconds: milliseconds)
            if place.isMultiple(of: 2) { records[place / 2].reportedAt = time } else { records[place / 2].since = time }
            rest = rest[digits.endIndex...]
        }
        return rest.isEmpty ? records : nil
    }
}
