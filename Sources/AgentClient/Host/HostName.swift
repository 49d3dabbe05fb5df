/// The machine's name as its own files tell it.
enum HostName {
    /// Longest name of the protocol, in bytes.
    private static let bytesMax = 255

    /// `name` with its domain, if `hosts` (the text of /etc/hosts) knows one: the canonical name of a line that has the
    /// short name among its names. Debian writes "127.0.1.1 web-03.example.net web-03". Nil for no name at all.
    static func qualified(_ name: String, hosts: String) -> String? {
        let name = name.trimmed
        guard !name.isEmpty, name != "(none)", name.utf8.count <= bytesMax else { return nil }
        guard !name.contains(".") else { return name }
        for line in hosts.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).dropFirst()
            guard words.contains(where: { $0 == name }) else { continue }
            if let full = words.first(where: { $0.hasPrefix(name + ".") && $0.utf8.count <= bytesMax }) {
                return String(full)
            }
        }
        return name
    }
}
