/// The verdict table: symptom → cause and remedy. The order is the order of precedence: of several symptoms at one
/// address the first row counts, so that what follows from another stands below it.
public enum VerdictTable {
    /// Every row.
    public static let rows =
        names + ways + connections + proxies + handshakes + strangers + certificates + servers + remarks

    /// The first row that fits one of the checks' symptoms.
    static func row(of checks: [Check]) -> VerdictRow? {
        let symptoms = Set(checks.compactMap(\.symptom))
        return rows.first { symptoms.contains($0.symptom) }
    }

    /// The row of a symptom.
    static func row(for symptom: Symptom) -> VerdictRow {
        guard let row = rows.first(where: { $0.symptom == symptom }) else {
            preconditionFailure("a test walks all symptoms: each has its row")
        }
        return row
    }

    private static let names = [
        VerdictRow(
            .nameNotFound, .failed, reach: 0,
            "The name {host} does not exist, or has no address, for the resolver that this machine asks.",
            next: "Check the spelling. Then: getent hosts {host}. If it works elsewhere, compare /etc/resolv.conf; or "
                + "probe the address instead of the name."),
        VerdictRow(
            .resolverSilent, .failed, reach: 0,
            "No resolver answered: whether {host} exists is not known.",
            next: "Check the name servers in /etc/resolv.conf and the way to them (UDP and TCP 53); or probe the "
                + "address instead of the name."),
        VerdictRow(
            .resolverFailed, .failed, reach: 0,
            "The resolver answers, but with an error, for {host}: {seen}.",
            next: "Ask the keeper of the name server; meanwhile probe the address instead of the name."),
        VerdictRow(
            .noAddressOfFamily, .failed, reach: 0,
            "{host} has no address of the family that was asked for: {seen}.",
            next: "Leave out -4 or -6, or have the missing address added to the name."),
        VerdictRow(
            .resolverLies, .doubtful, reach: 1,
            "A name server makes addresses up: {seen}. What it says of {host} is worth nothing.",
            next:
                "Take it out of /etc/resolv.conf, or ask its keeper (a captive portal, a provider's search page); probe "
                + "the server's address instead of its name."),
        VerdictRow(
            .hostsMismatch, .doubtful, reach: 1,
            "This machine's /etc/hosts contradicts the name servers: {seen}.",
            next: "Probe both addresses; then correct the line in /etc/hosts, or take it out."),
        VerdictRow(
            .resolversDisagree, .doubtful, reach: 1,
            "This machine's name servers give different addresses for {host}: {seen}.",
            next: "Probe each address; take the name server that is wrong (a split view, an old record) out of "
                + "/etc/resolv.conf, or have it corrected."),
    ]
}
