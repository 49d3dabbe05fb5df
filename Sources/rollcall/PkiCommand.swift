import ArgumentParser

/// `rollcall pki`: the fleet's own CA, so that no step needs `openssl` by hand.
struct PkiCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Makes and shows the fleet's certificates.",
        subcommands: []
    )
}
