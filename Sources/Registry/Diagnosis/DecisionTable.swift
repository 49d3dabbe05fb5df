public import ErrorCatalogue

/// Evidence → code, cause, runner-up and remedy, as rows of data. The first row that fits a case decides; the order of
/// the rows is part of their meaning. `rollcall explain CODE` prints those of a code.
public enum DecisionTable {
    /// Every row, in the order in which they are tried.
    public static let rows: [DecisionRow] =
        factorRows + processServerRows + masterTargetRows + mobilityAgentRows + applicationServiceRows + serviceRows
        + componentRows + flappingRows + identityRows + admissionRows + refusalRows + measuredRows + storeRows
        + selfRows
        + serverRows

    /// The patterns alone and in place, for a look at each registration: a row with its texts is slow to copy.
    private static let patterns = rows.map(\.pattern)
    private static let indexesByTopic = Dictionary(grouping: rows.indices) { rows[$0].pattern.topic }
    private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    /// The row that decides the case; nil if nothing is wrong with it.
    public static func row(for circumstances: Circumstances) -> DecisionRow? {
        indexesByTopic[circumstances.topic]?.first { patterns[$0].fits(circumstances) }.map { rows[$0] }
    }

    /// The rows that can raise a code, for its explanation.
    public static func rows(for code: ErrorCode) -> [DecisionRow] {
        rows.filter { $0.code == code }
    }

    /// The row of this name.
    public static func row(named name: String) -> DecisionRow? { byName[name] }
}
