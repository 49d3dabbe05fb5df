import CertificateAuthority
import Testing

@Suite("Server host")
struct ServerHostTests {
    @Test(
        "names and addresses are read, and printed in their usual form",
        arguments: [
            ("localhost", "localhost"), ("CS.Example.com", "cs.example.com"), ("config_server", "config_server"),
            ("3com.example", "3com.example"), ("192.0.2.10", "192.0.2.10"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"),
            ("::", "::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::", "2001:db8::"),
            ("fe80:0:0:1::", "fe80:0:0:1::"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"), ("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ])
    func read(text: String, printed: String) throws {
        #expect(try ServerHost(text).description == printed)
    }

    @Test("an address is its bytes")
    func bytes() throws {
        #expect(try ServerHost("192.0.2.10") == .address([192, 0, 2, 10]))
        #expect(
            try ServerHost("2001:db8::1") == .address([0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]))
    }

    @Test(
        "what is neither is refused with the reason",
        arguments: [
            ("", "empty"), ("cs.example.com:443", "without a port"), ("https://cs", "no URL"),
            ("10.0.0.0/8", "no network"),
            ("*.example.com", "no wildcard"), ("[::1]", "without brackets"), ("300.1.2.3", "neither an IPv4"),
            ("10.0.1", "neither an IPv4"), ("010.0.0.1", "neither an IPv4"), ("cs..example", "1 to 63"),
            ("cs.", "1 to 63"), ("-cs", "begins or ends"), ("c s", "letters, digits"),
            ("bücher.example", "xn--"), ("fe80::1%eth0", "port"),
            ("1:2:3:4:5:6:7", "port"), ("1:2:3:4:5:6:7:8:9", "port"), ("1::2::3", "port"), ("::12345", "port"),
            (":::", "port"), ("1:2:3:4:5:6:7::8", "port"), (String(repeating: "a.", count: 130) + "a", "253"),
        ])
    func refused(text: String, reason: String) throws {
        let error = #expect(throws: CertificateAuthorityError.self) { try ServerHost(text) }
        #expect(try #require(error).description.contains(reason))
    }
}
