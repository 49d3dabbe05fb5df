/// The little of RFC 1035 that it takes to ask a name server for addresses. Pure.
enum DNSMessage {
    /// What a server answered.
    struct Answer: Equatable {
        /// The response code: 0 no error, 2 server failure, 3 no such name, 5 refused.
        var code: Int
        /// The addresses, as numbers.
        var addresses: [String]
    }

    /// The record types asked for.
    enum Question: UInt16 {
        case ipv4 = 1
        case ipv6 = 28
    }

    /// A query; nil if the name cannot be one.
    static func query(_ name: String, _ question: Question, id: UInt16) -> [UInt8]? {
        let labels = name.split(separator: ".")
        guard !labels.isEmpty, name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            return nil
        }
        // One question, recursion desired.
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in labels { bytes += [UInt8(label.utf8.count)] + Array(label.utf8) }
        return bytes + [0, UInt8(question.rawValue >> 8), UInt8(question.rawValue & 255), 0, 1]
    }

    /// Reads an answer; nil if it is none to this query.
    static func answer(_ bytes: [UInt8], id: UInt16) -> Answer? {
        guard bytes.count >= 12, number(bytes, 0) == Int(id), bytes[2] & 0x80 != 0 else { return nil }
        var answer = Answer(code: Int(bytes[3] & 15), addresses: [])
        var position = 12
        for _ in 0..<number(bytes, 4) {
            guard let next = afterName(bytes, position) else { return answer }
            position = next + 4
        }
        for _ in 0..<number(bytes, 6) {
            guard let next = afterName(bytes, position), next + 10 <= bytes.count else { return answer }
            let (type, length) = (number(bytes, next), number(bytes, next + 8))
            let start = next + 10
            guard start + length <= bytes.count else { return answer }
            if type == 1, length == 4 {
                answer.addresses.append(bytes[start..<start + 4].map(String.init).joined(separator: "."))
            } else if type == 28, length == 16 {
                let groups = stride(from: 0, to: 16, by: 2).map { String(number(bytes, start + $0), radix: 16) }
                answer.addresses.append(groups.joined(separator: ":"))
            }
            position = start + length
        }
        return answer
    }

    private static func number(_ bytes: [UInt8], _ position: Int) -> Int {
        position + 1 < bytes.count ? Int(bytes[position]) << 8 | Int(bytes[position + 1]) : 0
    }

    /// Where a name ends: at its root label, or at a pointer.
    private static func afterName(_ bytes: [UInt8], _ start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            let length = Int(bytes[position])
            if length == 0 { return position + 1 }
            if length & 0xC0 == 0xC0 { return position + 2 }
            position += length + 1
        }
        return nil
    }
}
