import Dispatch
import Foundation

/// Signals that end or suspend a command that owns the terminal's screen, taken on a thread of their own, where code may
/// do what a signal handler may not.
final class SignalWatch {
    private var sources: [any DispatchSourceSignal] = []
    private let queue = DispatchQueue(label: "rollcall.signals")

    /// Watches from now on. `onEnd` is called for SIGINT, SIGTERM, SIGHUP and SIGQUIT, and does not return. `onSuspend` is
    /// called for SIGTSTP (Ctrl-Z), before the process is stopped as it was asked to be.
    func start(onEnd: @escaping @Sendable () -> Never, onSuspend: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { watch(number) { onEnd() } }
        watch(SIGTSTP) {
            onSuspend()
            kill(getpid(), SIGSTOP)
        }
    }

    private func watch(_ number: Int32, _ action: @escaping @Sendable () -> Void) {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: action)
        source.activate()
        sources.append(source)
    }
}
