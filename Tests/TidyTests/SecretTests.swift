import Testing

/// What must never be in the repository.
@Suite("Secrets")
struct SecretTests {
    @Test("in the form of private keys are nowhere")
    func privateKeys() throws {
        let key = try Regex(#"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}"#)
        for file in SourceTree.files where file.text.contains("PRIVATE KEY") {
            if file.text.firstMatch(of: key) != nil {
                untidy(
                    file.path, 1, "a private key", instead: "make it when it is needed; replace it where it was used")
            }
        }
    }

    @Test("of the machine it was written on are nowhere")
    func homes() {
        // Written in two parts, or this very line would be found.
        for home in ["/ho" + "me/", "/wo" + "rk/", "/ro" + "ot/"] {
            for file in SourceTree.files {
                for line in file.lines where line.text.contains(home) {
                    untidy(file.path, line.number, "'\(home)…', a path of one machine", instead: "name no such path")
                }
            }
        }
    }
}
