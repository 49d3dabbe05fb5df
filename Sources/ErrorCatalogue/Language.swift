/// A language the product speaks.
public enum Language: String, Hashable, Sendable, CaseIterable {
    /// English.
    case english = "en"
    /// Traditional Chinese.
    case traditionalChinese = "zh-Hant"

    /// The language of a tag as in `--lang zh-Hant` or of a locale as in `LANG=zh_TW.UTF-8`; nil for one that is not
    /// spoken here.
    public init?(tag: String) {
        let parts = tag.lowercased().split { $0 == "-" || $0 == "_" || $0 == "." || $0 == "@" }
        switch parts.first {
        case "en", "c", "posix": self = .english
        case "zh" where parts.dropFirst().contains { ["hant", "tw", "hk", "mo"].contains($0) }:
            self = .traditionalChinese
        default: return nil
        }
    }
}
