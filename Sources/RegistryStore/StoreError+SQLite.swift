import GRDB

extension StoreError {
    /// The one place where an SQLite result becomes our error.
    init(_ error: any Error, path: String, operation: String) {
        if let known = error as? StoreError {
            self = known
        } else if let trouble = error as? DatabaseError {
            self.init(
                Self.reason(of: trouble), path: path, operation: operation,
                code: trouble.extendedResultCode.rawValue,
                message: trouble.message ?? "\(trouble.extendedResultCode)")
        } else if let trouble = error as? MalformedText {
            self.init(.damaged, path: path, operation: operation, message: trouble.description)
        } else {
            self.init(.other, path: path, operation: operation, message: "\(error)")
        }
    }

    private static func reason(of error: DatabaseError) -> Reason {
        switch error.resultCode {
        case .SQLITE_FULL: .diskFull
        case .SQLITE_READONLY: .readOnly
        case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN: .notPermitted
        // The shared-memory file of the WAL could not grow: SQLite reports a full disk in this way too.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: .diskFull
        case .SQLITE_IOERR: .inputOutput
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .busy
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE: .rejected
        default: .other
        }
    }
}
