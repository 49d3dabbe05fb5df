import Testing

/// What the sources do not say, each with what they say instead.
@Suite("Words")
struct WordsTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        /// What the rule is about, for the list of tests.
        var testDescription: String
        /// Folders it holds in.
        var folders: [String]
        /// Folders and files it does not hold in.
        var except: [String] = []
        /// What must not be there.
        var pattern: String
        /// What to do.
        var instead: String
    }

    static let rules = [
        Rule(
            testDescription: "the core takes time and chance as arguments",
            folders: ["Sources/Registry/", "Sources/ErrorCatalogue/"],
            pattern: #"\bDate\(\)|\bClock\.now|\.now\b(?!\()|\brandom\b|RandomNumberGenerator\(\)|\bUUID\(\)"#,
            instead: "take an Instant, or a generator, as an argument"),
        Rule(
            testDescription: "nothing that can fail is taken for granted",
            folders: ["Sources/"], pattern: #"\btry!"#, instead: "catch the error, and say what failed"),
        Rule(
            testDescription: "libraries print nothing",
            folders: ["Sources/"], except: ["Sources/rollcall/", "Sources/detectors/", "Sources/Dashboard/"],
            pattern: #"(?:^|[^.\w])print\("#,
            instead: "log it, or return the text to the command that was typed"),
        Rule(
            testDescription: "types are named after things",
            folders: ["Sources/", "Tests/"],
            pattern:
                #"\b(class|struct|enum|actor|protocol|typealias)\s+\w*(Manager|Helper|Helpers|Util|Utils|Utility)\b"#,
            instead: "name it after the thing of the field that it is, or make it an extension"),
        Rule(
            testDescription: "tests wait on conditions, not on time",
            folders: ["Tests/"], except: ["Tests/TestSupport/", "Tests/TestServer/"],
            pattern: #"\bTask\.sleep|\bThread\.sleep|(?:^|[^.\w])(u|nano)?sleep\("#,
            instead: "wait until the condition holds (TestSupport), or move a manual clock"),
        Rule(
            testDescription: "memory is handled by the targets that own C objects",
            folders: ["Sources/"], except: ["Sources/EventLoop/", "Sources/SecureTransport/"] + Self.mayBeUnsafe,
            pattern: #"(?:^|[^\w.@])unsafe\b(?!:)|\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b"#,
            instead: "use Span, or put the call into one small file and name it with its reason in \(#fileID)"),
    ]

    /// Files outside EventLoop and SecureTransport with a call that Swift cannot check, each with why.
    static let mayBeUnsafe = [
        "Sources/CertificateAuthority/DurableFile.swift",  // open(2) with a mode, fsync(2): Foundation has neither
        "Sources/AgentClient/Host/InterfaceAddresses.swift",  // getifaddrs(3) hands out a linked list in C
        "Sources/Dashboard/Live/Terminal.swift",  // ioctl(2) fills in the size of a terminal
        "Sources/RollcallProtocol/HeartbeatCodec.swift",  // a bounds-checked load whose name says unsafe
        "Sources/RollcallProtocol/FrameEncoder.swift",  // the bytes of an integer
    ]

    @Test("are the right ones", arguments: rules)
    func rule(_ rule: Rule) throws {
        let pattern = try Regex(rule.pattern)
        let files = SourceTree.swift.filter { file in
            rule.folders.contains { file.path.hasPrefix($0) } && !rule.except.contains { file.path.hasPrefix($0) }
        }
        #expect(!files.isEmpty, "the rule looks at nothing: mend its folders")
        for file in files {
            for line in file.code {
                guard let match = line.text.firstMatch(of: pattern) else { continue }
                untidy(file.path, line.number, "'\(line.text[match.range])'", instead: rule.instead)
            }
        }
    }

    @Test("that end the process have a comment that proves they cannot fire")
    func fatalErrors() {
        for file in SourceTree.sources {
            let lines = file.lines
            for line in file.code where line.text.contains("fatalError(") {
                let around = lines[max(0, line.number - 3)..<line.number]
                if !around.contains(where: { $0.text.contains("//") }) {
                    untidy(
                        file.path, line.number, "a bare fatalError",
                        instead: "say in a comment, there or in the two lines above, why it cannot fire")
                }
            }
        }
    }

    @Test("do not put work off")
    func noDeferredWork() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        for file in SourceTree.files where !file.path.hasPrefix("Tests/TidyTests/") {
            for line in file.lines {
                for mark in marks where line.text.contains(mark) {
                    untidy(file.path, line.number, "'\(mark)'", instead: "do it, or file an issue")
                }
            }
        }
    }
}
