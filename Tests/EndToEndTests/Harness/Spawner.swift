import Foundation
import Glibc
import Synchronization

/// Starts programs from a thread that lives as long as the tests do: a child that asks the kernel to be killed with its
/// parent is killed with the parent's *thread*, and the threads that tests run on come and go.
final class Spawner: Sendable {
    static let shared = Spawner()

    private let orders = Mutex<[@Sendable () -> Void]>([])
    private let arrived = DispatchSemaphore(value: 0)

    private init() {
        let thread = Thread { [self] in
            while true {
                arrived.wait()
                orders.withLock { $0.removeFirst() }()
            }
        }
        thread.name = "spawner"
        thread.start()
    }

    /// Starts a program that dies with this process; its output goes to two files, its input comes from one. Returns its
    /// process id.
    /// - Throws: `POSIXError`.
    func start(_ command: [String], input: String, output: String, errors: String) throws -> pid_t {
        let answered = DispatchSemaphore(value: 0)
        let answer = Mutex<(code: Int32, pid: pid_t)>((0, 0))
        let bound = Self.bindToUs(command)
        orders.withLock {
            $0.append {
                let result = Self.spawn(bound, input, output, errors)
                answer.withLock { $0 = result }
                answered.signal()
            }
        }
        arrived.signal()
        answered.wait()
        let (code, pid) = answer.withLock { $0 }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return pid
    }

    /// Without setpriv, a test process that is killed leaves its children behind; one that only fails does not.
    private static func bindToUs(_ command: [String]) -> [String] {
        let setpriv = "/usr/bin/setpriv"
        return FileManager.default.isExecutableFile(atPath: setpriv)
            ? [setpriv, "--pdeathsig", "KILL"] + command : command
    }

    private static func spawn(
        _ command: [String], _ input: String, _ output: String, _ errors: String
    ) -> (code: Int32, pid: pid_t) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for word in words + variables { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, &words, &variables)
        return (code, pid)
    }

    /// Ours, without what would set up a server or an agent.
    private static var environment: [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROLLCALL_") }.map { "\($0.key)=\($0.value)" }
    }
}
