public import ArgumentParser
import Dashboard
public import ErrorCatalogue

/// `rollcall explain CODE`: what an error code means. Needs no server.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains an error code: meaning, causes, remedies, and the evidence it comes with.",
        discussion: """
            Needs no server. Without a code, lists them all.

            Examples:
              rollcall explain 95226
              rollcall explain 95226b --language zh-Hant
              rollcall explain
            """)

    @Argument(help: "The code, with or without its variant: 95226, 95226b, service-not-running.")
    var code: String?

    @Option(name: .long, help: "The language.")
    var language: Language = .english

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let canvas = TextOutput.canvas()
        let view = ExplainView(in: language, on: canvas)
        guard let code else {
            if json { return try show(Catalogue.entries) }
            return try TextOutput.standard.show(view.list(Catalogue.entries), on: canvas)
        }
        let entries = ErrorCode.codes(named: code).map(Catalogue.entry)
        guard !entries.isEmpty else {
            let known = ErrorCode.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "there is no code '\(code.printable)'. The codes are: \(known).", status: ExitStatus.usage)
        }
        if json { return try show(entries) }
        try TextOutput.standard.show(view.lines(entries), on: canvas)
    }

    private func show(_ entries: [CatalogueEntry]) throws {
        try JSONOutput.show(
            .object([
                ("language", .string(language.rawValue)),
                ("codes", .array(entries.map { $0.json(in: language) })),
            ]))
    }
}

extension Language: ExpressibleByArgument {
    /// The language of a tag: `en`, `zh-Hant`, `zh-TW`.
    public init?(argument: String) {
        self.init(tag: argument)
    }
}
