/// The release of the server software.
public enum Version {
    /// As in "0.1.0".
    public static let text = "0.1.0"
}
