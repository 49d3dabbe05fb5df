public import ErrorCatalogue
public import EventLoop

/// One line of the report: a claim, whether it holds, and what was seen.
public struct Check: Hashable, Sendable {
    /// What it is about.
    public var kind: CheckKind
    /// The address it was made at; nil for the name.
    public var address: SocketAddress?
    /// Whether it holds.
    public var state: CheckState
    /// What is remarkable, as the verdict table knows it; nil: nothing.
    public var symptom: Symptom?
    /// What was seen, in words. Holds text from the other side: make it printable before showing it.
    public var detail: Phrase
    /// How long it took; nil for what follows from another check.
    public var took: Duration?

    /// A line.
    public init(
        _ kind: CheckKind, at address: SocketAddress? = nil, _ state: CheckState, _ symptom: Symptom? = nil,
        _ detail: Phrase, took: Duration? = nil
    ) {
        self.kind = kind
        self.address = address
        self.state = state
        self.symptom = symptom
        self.detail = detail
        self.took = took
    }
}
