/// os-release(5).
enum OSRelease {
    /// The name and version for people: PRETTY_NAME, else NAME and VERSION; nil if neither is there.
    static func prettyName(_ text: String) -> String? {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
            values[line[..<equals].trimmed] = unquoted(line[line.index(after: equals)...].trimmed)
        }
        if let pretty = values["PRETTY_NAME"], !pretty.isEmpty { return pretty }
        guard let name = values["NAME"], !name.isEmpty else { return nil }
        return [name, values["VERSION"] ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A value of shell syntax, as far as os-release(5) allows it.
    private static func unquoted(_ value: String) -> String {
        guard let quote = value.first, quote == "\"" || quote == "'", value.count >= 2, value.last == quote else {
            return value
        }
        var result = ""
        var escaped = false
        for character in value.dropFirst().dropLast() {
            if character == "\\", !escaped, quote == "\"" {
                escaped = true
            } else {
                result.append(character)
                escaped = false
            }
        }
        return result
    }
}
