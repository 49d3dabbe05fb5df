/// What those get who try the port by hand: a browser, curl, telnet. Field engineers test the path that way, and an
/// honest sentence saves them an hour.
enum PlainGreeting {
    /// The most of a stranger's request that is looked at.
    static let requestBytesMax = 4096
    /// How much of its beginning tells HTTP from other text: the longest method and a space.
    static let startBytesMax = 8

    /// The answer to somebody who spoke HTTP, inside TLS or outside of it.
    static func page(overTLS: Bool, hostname: String, isDraining: Bool = false) -> [UInt8] {
        let text =
            isDraining
            ? """
            503: this is a Rollcall configuration server (\(hostname)), and it drains: it is about to stop, and turns
            newcomers away until it is back.

            The path works\(overTLS ? ", and so does TLS" : ""). Agents come back by themselves.

            """
            : overTLS
                ? """
                400: this is a Rollcall configuration server (\(hostname)), not a web server.

                TLS works: you reached it, and nothing on the path broke the connection. Agents speak rollcall/1 here.
                To check the path further, run on the machine you sit at:  rollcall probe \(hostname)

                """
                : """
                400: this is a Rollcall configuration server (\(hostname)). It speaks TLS only, and you spoke plain text.

                The TCP path works. To see whether TLS does, try https:// instead of http://, or run on the machine you
                sit at:  rollcall probe \(hostname)

                """
        let head = """
            HTTP/1.1 \(isDraining ? "503 Service Unavailable" : "400 Bad Request")\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(text.utf8.count)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + Array(text.utf8)
    }

    /// The answer to somebody who typed something else.
    static func line(hostname: String, isDraining: Bool = false) -> [UInt8] {
        let state = isDraining ? "It drains: it is about to stop. " : ""
        return Array(
            ("This is a Rollcall configuration server (\(hostname)). It speaks TLS only. \(state)"
                + "The TCP path works; to see whether TLS does, run: rollcall probe \(hostname)\r\n").utf8)
    }

    /// What a newcomer gets for whom there is no place: to a TLS client a fatal alert, “internal error” (RFC 8446 section
    /// 6.2 has none that is closer), and behind it a sentence for whoever reads the bytes.
    static func full(hostname: String, _ limit: String) -> [UInt8] {
        let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 80]
        return alert
            + Array(
                ("This is a Rollcall configuration server (\(hostname)), and it is at its limit: \(limit). "
                    + "The path works; come back later.\r\n").utf8)
    }

    /// Whether the bytes begin like an HTTP request: a method in capitals. Frames begin with 0.
    static func looksLikeHTTP(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0 else { return false }
        for position in 0..<min(bytes.count, 8) {
            let byte = bytes[position]
            if byte == UInt8(ascii: " ") { return position >= 3 }
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { return false }
        }
        return bytes.count < 8
    }
}
