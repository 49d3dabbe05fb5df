/// Whose registry a database is. Kept in table `meta`.
public struct StoreIdentity: Equatable, Sendable {
    /// The fleet's name, as in its certificates.
    public let fleet: String
    /// A UUID made when the database was made. Two servers with one identity are clones, or a backup restored beside
    /// the living original.
    public let serverID: String
    /// The schema the database has now.
    public let schemaVersion: Int
}
