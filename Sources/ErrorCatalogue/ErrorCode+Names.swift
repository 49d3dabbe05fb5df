extension ErrorCode {
    /// The codes an operator means: a whole code ("95226b", "service-not-running"), or a number that stands for all its
    /// variants ("95226"). Without regard to case; empty if there is none.
    public static func codes(named name: String) -> [ErrorCode] {
        let name = name.lowercased()
        let all = allCases.filter { $0.number == name }
        return all.isEmpty ? ErrorCode(rawValue: name).map { [$0] } ?? [] : all
    }
}
