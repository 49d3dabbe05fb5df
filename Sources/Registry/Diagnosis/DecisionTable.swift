public import ErrorCatalogue

/// Evidence → code, cause, runner-up and remedy, as rows of data. The first row that fits a case decides; the order of
/// the rows is part of their meaning. `rollcall explain CODE` prints those of a code.
public enum DecisionTable {
    /// Every row, in the order in which they are tried.
    public static let rows: [DecisionRow] =
        factorRows + processServerRows + masterTargetRows + mobilityAgentRows + applicationServiceRows + serviceRows
        + componentRows + admissionRows + measuredRows + storeRows + selfRows

    private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    /// The row that decides the case; nil if nothing is wrong with it.
    public static func row(for circumstances: Circumstances) -> DecisionRow? {
        rows.first { $0.pattern.fits(circumstances) }
    }

    /// The rows that can raise a code, for its explanation.
    public static func rows(for code: ErrorCode) -> [DecisionRow] {
        rows.filter { $0.code == code }
    }

    /// The row of this name.
    public static func row(named name: String) -> DecisionRow? { byName[name] }
}
