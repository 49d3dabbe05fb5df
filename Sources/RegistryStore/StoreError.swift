/// What went wrong with the durable registry, where, and what to do about it.
///
/// One type for the store, its file and its directory, so that a command can print `description` and leave.
public struct StoreError: Error, Equatable, Sendable {
    /// What kind of trouble it is. The advice follows from it.
    public enum Reason: Equatable, Sendable {
        /// No space left on the file system.
        case diskFull
        /// The file, or the file system it is on, is read-only for this process.
        case readOnly
        /// The operating system forbids it: owner or mode of the file or of its directory.
        case notPermitted
        /// The device failed to read or write.
        case inputOutput
        /// The file is not, or no longer, a sound SQLite database.
        case damaged
        /// A sound database that Rollcall did not make.
        case otherProgram
        /// Schema of a later version than this program knows.
        case newer(found: Int, known: Int)
        /// The registry of another fleet.
        case otherFleet(found: String, expected: String)
        /// Another process holds SQLite's lock on the file for longer than we wait.
        case busy
        /// Another server works in this data directory. The process id is nil if it did not leave one.
        case inUse(pid: Int?)
        /// Something else stands where a directory should be.
        case notADirectory
        /// Something else stands where the database file should be.
        case notAFile
        /// The database refuses this one change; others are not affected.
        case rejected
        /// More changes wait than the queue takes.
        case overloaded
        /// The store was closed.
        case closed
        /// None of these; `message` says what is known.
        case other
    }

    /// What kind of trouble it is.
    public var reason: Reason
    /// The file or directory it is about.
    public var path: String
    /// What was being done, as a verb: "open", "read", "write".
    public var operation: String
    /// SQLite's extended result code; 0 if the trouble is not SQLite's.
    public var code: Int32
    /// What SQLite or the operating system said; may be empty.
    public var message: String

    /// Trouble with a file.
    public init(_ reason: Reason, path: String, operation: String, code: Int32 = 0, message: String = "") {
        self.reason = reason
        self.path = path
        self.operation = operation
        self.code = code
        self.message = message
    }
}

extension StoreError: CustomStringConvertible {
    /// The whole story in one line: the file, the fact, the next step.
    public var description: String {
        switch reason {
        case .newer(let found, let known):
            return "\(path) was written by a newer Rollcall (schema \(found), this one knows \(known)): "
                + "use that version or restore a backup"
        case .otherFleet(let found, let expected):
            return "\(path) is the registry of fleet \"\(found)\", not of \"\(expected)\": choose another --data, or "
                + "the certificates of fleet \"\(found)\""
        case .inUse(let pid):
            let holder = pid.map { "a Rollcall server with pid \($0)" } ?? "another Rollcall server"
            return "data directory \(path) is in use by \(holder): stop it or choose another --data"
        default:
            return "cannot \(operation) \(path): \(fact)\(said): \(advice)"
        }
    }

    /// The fact, without SQLite's words.
    public var fact: String {
        switch reason {
        case .diskFull: "the disk is full"
        case .readOnly: "it is read-only for this process"
        case .notPermitted: "permission denied"
        case .inputOutput: "the device failed"
        case .damaged: "the database file is damaged"
        case .otherProgram: "it is not a Rollcall registry"
        case .newer(let found, let known): "its schema is \(found), this program knows \(known)"
        case .otherFleet(let found, _): "it belongs to fleet \"\(found)\""
        case .busy: "another process has locked it"
        case .inUse: "another server uses it"
        case .notADirectory: "it is not a directory"
        case .notAFile: "it is not a file"
        case .rejected: "the database refuses this change"
        case .overloaded: "too many changes wait to be written"
        case .closed: "the registry is closed"
        case .other: "unexpected trouble"
        }
    }

    /// The next step, as a command to a person.
    public var advice: String {
        switch reason {
        case .diskFull:
            "free space on the file system of \(directory); registrations resume by themselves"
        case .readOnly:
            "make it and \(directory) writable for the server's user, or mount the file system read-write; "
                + "registrations resume by themselves"
        case .notPermitted:
            "give it and \(directory) to the server's user (chown), or run the server as their owner"
        case .inputOutput:
            "look at the kernel's log (dmesg) for the disk of \(directory); if it is failing, move the data directory"
        case .damaged:
            "nothing was changed in it; copy it away, then restore a backup, or save what can be read with: "
                + "sqlite3 \(path) .recover"
        case .otherProgram: "choose another --data"
        case .newer: "use that version or restore a backup"
        case .otherFleet: "choose another --data"
        case .busy: "close the program that holds it, for example an sqlite3 shell (fuser \(path) names it)"
        case .inUse: "stop it or choose another --data"
        case .notADirectory, .notAFile: "move it away or choose another --data"
        case .rejected: "report this with the message"
        case .overloaded: "come back later; if it lasts, the disk of \(directory) is too slow"
        case .closed: "the server is stopping, come back later"
        case .other: "look at the message"
        }
    }

    private var said: String {
        if code != 0 { return " (SQLite \(code): \(message))" }
        return message.isEmpty ? "" : " (\(message))"
    }

    private var directory: String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
