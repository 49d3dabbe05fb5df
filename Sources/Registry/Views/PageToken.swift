/// A place in an ordered list: after the last row that was given out. It holds the row's own sort key, so rows that
/// come and go between two pages neither repeat nor hide others.
struct PageToken: Equatable {
    /// Which list, and which order of it: a token of another one is refused.
    var list: UInt8
    var numbers: [Int64]
    /// Sorted by after the numbers.
    var texts: [String]

    /// The token as text: numbers in decimal, texts in hexadecimal, all of it opaque to others.
    var text: String {
        let fields = ["\(list)"] + numbers.map { "\($0)" } + texts.map { "x" + hexadecimal($0) }
        return fields.joined(separator: ".")
    }

    init(list: UInt8, numbers: [Int64], texts: [String]) {
        (self.list, self.numbers, self.texts) = (list, numbers, texts)
    }

    /// - Throws: if the text is no token of this list with so many parts.
    init(_ text: String, list: UInt8, numbers: Int, texts: Int) throws(InvalidPageToken) {
        let fields = text.split(separator: ".", omittingEmptySubsequences: false)
        let count = 1 + numbers + texts
        guard text.utf8.count <= 4_096, fields.count == count, fields[0] == "\(list)" else {
            throw InvalidPageToken(token: text)
        }
        self.init(list: list, numbers: [], texts: [])
        for field in fields[1..<(1 + numbers)] {
            guard let number = Int64(field) else { throw InvalidPageToken(token: text) }
            self.numbers.append(number)
        }
        for field in fields[(1 + numbers)...] {
            guard field.hasPrefix("x"), let decoded = decoded(field.dropFirst()) else {
                throw InvalidPageToken(token: text)
            }
            self.texts.append(decoded)
        }
    }

    private func hexadecimal(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func decoded(_ digits: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), rest.prefix(2).count == 2 else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension PageToken: Comparable {
    static func < (left: PageToken, right: PageToken) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        return left.texts.lexicographicallyPrecedes(right.texts)
    }
}
