public import ArgumentParser
import Dashboard
public import ErrorCatalogue
import RollcallProtocol

/// `rollcall explain CODE`: what an error code means. Needs no server. `rollcall explain NODE`: how the verdict about a
/// node came about.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains an error code, or how the verdict about a node came about.",
        discussion: """
            A code is explained without a server: meaning, causes, remedies, and the rows of the decision table that raise \
            it. Without anything, lists all codes. Anything else is a node: what is known of it, which row of the table \
            decided, which were tried before, and what would change the verdict.

            Examples:
              rollcall explain 95226
              rollcall explain 95226b --lang zh-Hant
              rollcall explain web-03
              rollcall explain
            """)

    @Argument(
        help: ArgumentHelp(
            "The code, with or without its variant: 95226, 95226b, service-not-running. Or a node's host name or id.",
            valueName: "code or node"))
    var code: String?

    @OptionGroup var operators: OperatorOptions

    func run() throws {
        let canvas = TextOutput.canvas(language: operators.language)
        let view = ExplainView(in: canvas.language, on: canvas)
        guard let code else {
            if operators.json { return try show(Catalogue.entries, in: canvas.language) }
            return try TextOutput.standard.show(view.list(Catalogue.entries), on: canvas)
        }
        let entries = ErrorCode.codes(named: code).map(Catalogue.entry)
        guard !entries.isEmpty else { return try explain(node: code) }
        if operators.json { return try show(entries, in: canvas.language) }
        try TextOutput.standard.show(view.lines(entries), on: canvas)
    }

    private func explain(node: String) throws {
        let (story, now): (WireGetNodeResponse, WallTime?)
        do {
            let server = try operators.query()
            (story, now) = try asking { (try server.node(named: node), try server.serverTime()) }
        } catch let failure as CommandFailure {
            let known = ErrorCode.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "there is no code '\(node.printable)'. The codes are: \(known). Nor can a node of that name be asked for: "
                    + "\(failure)", status: ExitStatus.usage)
        }
        if operators.json { return try JSONOutput.show(story.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        try TextOutput.standard.show(VerdictView(on: canvas).lines(story), on: canvas)
    }

    private func show(_ entries: [CatalogueEntry], in language: Language) throws {
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
