public import RollcallProtocol

/// What an operator's word about a node came to.
public struct DecisionView {
    private let canvas: Canvas

    /// A view on `canvas`.
    public init(on canvas: Canvas) { self.canvas = canvas }

    /// What was decided, and what follows.
    public func lines(_ answer: WireDecideResponse) -> [Line] {
        let name = answer.hostname.printable
        let (key, before) = (answer.key.uuidText ?? "", answer.keyBefore.uuidText ?? "")
        let text =
            switch answer.decision {
            case .united:
                canvas.label(
                    "one machine: it is known by key \(key) from now on, and comes back under this entry within a minute; "
                        + "the key before is refused", "為同一部電腦：今後的金鑰為 \(key)，一分鐘內會以此項目重新連入；先前的金鑰不再接受")
            case .apart:
                canvas.label(
                    "set apart: the machine with key \(key) comes back under an entry of its own within a minute; key "
                        + "\(before) is let in again for this one",
                    "已分開：金鑰 \(key) 的電腦一分鐘內會以自己的項目重新連入；此項目再次接受金鑰 \(before)")
            case .itsOwn, .unspecified, .UNRECOGNIZED:
                canvas.label("a machine of its own: its hardware is not asked any more", "為獨立的電腦：不再比對其硬體")
            }
        return [Line(name, .strong) + Line("  \(text)")]
    }
}

extension WireDecideResponse {
    /// The decision as one document.
    public var json: JSONValue {
        let word =
            switch decision {
            case .united: "united"
            case .apart: "apart"
            case .itsOwn: "its-own"
            case .unspecified, .UNRECOGNIZED: "unknown"
            }
        return .object([
            ("decision", .word(word)), ("node_id", .word(nodeID.uuidText)), ("hostname", .text(hostname)),
            ("key", .word(key.uuidText)), ("key_before", .word(keyBefore.uuidText)),
        ])
    }
}
