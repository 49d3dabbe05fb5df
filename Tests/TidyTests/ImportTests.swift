import Testing

/// Arrows between targets point downwards only. The package manager does not check this: it builds a file that imports
/// a module its target does not declare, as long as something else built it before.
@Suite("Imports")
struct ImportTests {
    /// Modules that only one target may see.
    static let owners = ["CLibUV": "EventLoop", "COpenSSL": "SecureTransport", "GRDB": "RegistryStore"]

    /// Products whose modules files name one by one.
    static let parts = [
        "Collections": ["BitCollections", "DequeModule", "HashTreeCollections", "HeapModule", "OrderedCollections"]
    ]

    /// What comes with the compiler, and who must do without it. The core has no clock, no files, no log; the data path
    /// has none of Foundation's conversions.
    static let withTheCompiler = ["Foundation", "Glibc", "Dispatch", "Synchronization"]
    static let without: [String: Set<String>] = [
        "ErrorCatalogue": ["Foundation", "Glibc", "Dispatch", "Synchronization"],
        "EventLoop": ["Foundation", "Dispatch"],
        "Registry": ["Foundation", "Glibc", "Dispatch", "Synchronization"],
        "RollcallProtocol": ["Foundation", "Glibc", "Dispatch"],
        "SecureTransport": ["Foundation", "Dispatch"],
    ]

    @Test("are those that Package.swift declares")
    func declared() throws {
        let targets = try Self.declaredDependencies()
        #expect(targets.count > 10, "Package.swift is not read as it should be: mend \(#fileID)")
        for file in SourceTree.sources {
            let target = String(file.path.split(separator: "/")[1])
            let declared = try #require(targets[target], "Sources/\(target) is no target of Package.swift")
            for (line, module) in Self.imports(of: file) {
                if Self.withTheCompiler.contains(module) {
                    if Self.without[target]?.contains(module) == true {
                        untidy(
                            file.path, line, "\(target) imports \(module)",
                            instead: "let the caller pass in what it would be used for")
                    }
                } else if let owner = Self.owners[module], owner != target {
                    untidy(
                        file.path, line, "\(target) imports \(module)",
                        instead: "use what \(owner) makes of it in Swift")
                } else if !declared.contains(module) {
                    untidy(
                        file.path, line, "\(target) imports \(module), which it does not declare",
                        instead: "declare it in Package.swift if the arrow points downwards in docs/ARCHITECTURE.md")
                }
            }
        }
    }

    @Test("in Package.swift point downwards: a target stands below those it needs")
    func order() throws {
        var seen: Set<String> = []
        for (name, dependencies) in try Self.targetsInOrder() {
            seen.insert(name)
            for dependency in dependencies where Self.isTarget(dependency) && !seen.contains(dependency) {
                untidy(
                    "Package.swift", 1, "\(name) stands above \(dependency), which it needs",
                    instead: "turn the arrow around, or move the target down")
            }
        }
    }

    static func isTarget(_ name: String) -> Bool { SourceTree.files.contains { $0.path.hasPrefix("Sources/\(name)/") } }

    /// Every module that a file imports, with its line.
    static func imports(of file: TextFile) -> [(line: Int, module: String)] {
        file.code.compactMap { line in
            guard line.text.contains("import "),
                let match = line.text.firstMatch(
                    of:
                        /^\s*(?:@\w+\s+)*(?:(?:public|package|internal|private)\s+)?import\s+(?:(?:struct|class|enum|func|var|protocol|typealias)\s+)?(\w+)/
                )
            else { return nil }
            return (line.number, String(match.1))
        }
    }

    static func declaredDependencies() throws -> [String: Set<String>] {
        Dictionary(uniqueKeysWithValues: try targetsInOrder().map { ($0.name, Set($0.dependencies)) })
    }

    /// The targets that ship, with what they name as dependencies, in the order of Package.swift.
    static func targetsInOrder() throws -> [(name: String, dependencies: [String])] {
        let manifest = try SourceTree.file("Package.swift").text
        var targets: [(name: String, dependencies: [String])] = []
        for part in manifest.split(separator: /\n {8}\.(?=\w+\()/).dropFirst() {
            guard part.hasPrefix("target(") || part.hasPrefix("executableTarget(") || part.hasPrefix("systemLibrary("),
                let name = part.firstMatch(of: /name: "(\w+)"/)
            else { continue }
            let dependencies = part.contains("dependencies:") ? String(part.split(separator: "dependencies:")[1]) : ""
            let products = dependencies.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
            let ownTargets = dependencies.replacing(/\.product\(.*?\)/, with: "").prefix { $0 != "]" }
                .matches(of: /"(\w+)"/).map { String($0.1) }
            targets.append((String(name.1), products + products.flatMap { parts[$0] ?? [] } + ownTargets))
        }
        return targets
    }
}
