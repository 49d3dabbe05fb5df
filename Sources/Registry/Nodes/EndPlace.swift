/// Address and port of one end of a connection. Nearly all are IPv4: six bytes where a text takes sixteen and often fifty more.
enum EndPlace: Equatable, Sendable {
    case ipv4(UInt32, port: UInt16)
    case text(String)

    /// As it was given.
    var text: String {
        switch self {
        case .text(let text): return text
        case .ipv4(let address, let port):
            return "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF):\(port)"
        }
    }

    /// The same with as few bytes as it needs.
    var packed: EndPlace {
        guard case .text(let text) = self, let place = Self.ipv4(text), place.text == text else { return self }
        return place
    }

    /// Reads "192.0.2.7:443", and what looks like it.
    private static func ipv4(_ text: String) -> EndPlace? {
        var numbers: [UInt32] = [0]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = numbers[numbers.count - 1] * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard number <= (numbers.count == 5 ? 65_535 : 255) else { return nil }
                numbers[numbers.count - 1] = number
            case UInt8(ascii: ".") where numbers.count < 4: numbers.append(0)
            case UInt8(ascii: ":") where numbers.count == 4: numbers.append(0)
            default: return nil
            }
        }
        guard numbers.count == 5, let port = UInt16(exactly: numbers[4]) else { return nil }
        return .ipv4(numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3], port: port)
    }
}
