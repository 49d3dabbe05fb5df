public import RollcallProtocol

extension WireConnectivityError {
    /// The error as a document.
    public var json: JSONValue {
        .object([
            ("id", .unsigned(id)),
            ("code", .text(code)),
            ("variant", .text(variant)),
            ("title", .text(title)),
            ("severity", .string(severity.word)),
            ("scope", .word(scope.word)),
            ("subject", .text(subject)),
            ("node_id", .word(nodeID.uuidText)),
            ("site", .text(site)),
            ("raised_at", .time(raisedUnixMs)),
            ("updated_at", .time(updatedUnixMs)),
            ("cleared_at", .time(clearedUnixMs)),
            ("evidence", .array(evidence.map(\.json))),
            ("likely_cause", .text(likelyCause)),
            ("other_cause", .text(otherCause)),
            ("remedy", .array(remedy.map { .string($0) })),
            ("cleared_because", .text(clearedBecause)),
            ("members", .array(members.map { .string($0) })),
            ("member_count", .unsigned(UInt64(memberCount))),
            ("row", .text(row)),
            ("parameters", .words(words)),
        ])
    }
}

extension WireEvidence {
    var json: JSONValue {
        .object([
            ("at", .time(atUnixMs)), ("source", .text(source)), ("text", .text(text)),
            ("statement", .text(statement)), ("parameters", .words(words)),
        ])
    }
}

extension WireListErrorsResponse {
    /// The list as one document.
    public var json: JSONValue {
        .object([("errors", .array(errors.map(\.json))), ("total", .unsigned(UInt64(total)))])
    }
}

extension WireWatchErrorsResponse {
    /// One event of the stream.
    public var json: JSONValue {
        .object([("event", .string(event.word)), hasSuspect ? ("suspect", suspect.json) : ("error", error.json)])
    }
}

extension WireSuspect {
    fileprivate var json: JSONValue {
        .object([
            ("node_id", .word(nodeID.uuidText)),
            ("hostname", .text(hostname)),
            ("site", .text(site)),
            ("since", .time(sinceUnixMs)),
            ("evidence", hasEvidence ? evidence.json : .null),
            ("verdict_at", .time(verdictUnixMs)),
            ("returned_at", .time(returnedUnixMs)),
        ])
    }
}
