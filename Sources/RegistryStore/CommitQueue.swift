import Dispatch
public import Registry
import Synchronization

/// Carries changes from the control loop to the store: groups what gathers while the disk is busy into one
/// transaction, answers after the commit, and keeps what could not be written until it can.
///
/// It works on a serial dispatch queue of its own, not on a `Thread`: the queue sleeps for nothing while there is
/// nothing to write, has timers on the monotonic clock, and needs no condition variable; being serial it gives the same
/// promise as a thread, one commit at a time and completions in order. A commit blocks that queue only.
///
///     let queue = CommitQueue(store: store) { state in control.post { registry.storeChanged(state) } }
///     queue.enqueue(changes) { result in control.post { answer(result) } }
///
/// All methods may be called from any thread and return at once, except `close`. Completions and `onStateChange` are
/// called on the queue; hop to your loop from there.
public final class CommitQueue: Sendable {
    /// Told when the changes are on the disk, or why they are not.
    public typealias Completion = @Sendable (Result<Void, StoreError>) -> Void

    /// Whether the store can be written.
    public enum State: Equatable, Sendable {
        /// It can; everything kept was written.
        case working
        /// It cannot. Changes are kept and tried again; whoever waits for one is refused.
        case failing(StoreError)
    }

    private let queue = DispatchQueue(label: "rollcall.store", qos: .userInitiated)
    private let settings: CommitSettings
    private let onStateChange: @Sendable (State) -> Void
    private let onRest: @Sendable () -> Void
    private let inbox: Mutex<CommitInbox>
    /// Used on the queue only; the mutex is never waited for.
    private let thread: Mutex<ThreadState>

    private struct ThreadState {
        var writer: CommitWriter
        var state = State.working
        var retryInterval: Duration
        var isClosed = false
        /// Changes written by the last rest.
        var rested = 0
        var isRestTimed = false
    }

    /// A queue in front of a store. It closes the store when it is closed itself. `onRest` is called when much was written, and
    /// the store has just given back its memory because nothing more came.
    public init(
        store: any RegistryStore, settings: CommitSettings = CommitSettings(),
        onStateChange: @escaping @Sendable (State) -> Void = { _ in }, onRest: @escaping @Sendable () -> Void = {}
    ) {
        self.settings = settings
        self.onRest = onRest
        self.onStateChange = onStateChange
        inbox = Mutex(CommitInbox(settings: settings))
        thread = Mutex(
            ThreadState(
                writer: CommitWriter(store: store, settings: settings), retryInterval: settings.retryInterval))
    }

    /// What was done so far. Cheap.
    public var counters: CommitCounters { inbox.withLock { $0.counters } }

    /// Has the changes written, in order, all in one transaction; then calls the completion. The store's failure is
    /// answered at once, and the changes are kept and written when it is back. With no changes it is a barrier: the
    /// completion comes when everything before it was tried.
    ///
    /// Completions come in the order of the calls, except for refusals with reason `overloaded`, which come first.
    public func enqueue(_ changes: [Change], completion: Completion? = nil) {
        submit {
            $0.add(CommitWriter.Unit(changes: changes, completion: completion))
        } orRefuse: {
            completion
        }
    }

    /// Keeps the latest time of each node until the next save. Never refused, never reported as an error.
    public func noteLastSeen(_ times: [(NodeID, Instant)]) {
        let mustTime = inbox.withLock { $0.isClosed ? false : $0.note(times) }
        if mustTime { timeSave() }
    }

    /// Tries everything that waits, last-seen times too, also if the store failed just now; then calls the completion.
    public func flush(completion: Completion? = nil) {
        submit {
            $0.isSaveDue = true
            $0.isSaveWhole = true
            $0.isRetryDue = true
            $0.add(CommitWriter.Unit(changes: [], completion: completion))
        } orRefuse: {
            completion
        }
    }

    /// Writes what waits, tries once more what was kept, closes the store and returns. What is enqueued afterwards is
    /// answered with reason `closed`. Blocks for some commits: not from a loop with connections, and not from a
    /// completion, which would wait for itself.
    public func close() {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.isClosed = true }
            return !inbox.isClosed
        }
        guard isFirst else { return queue.sync {} }
        queue.sync {
            inbox.withLock {
                $0.isSaveDue = true
                $0.isRetryDue = true
            }
            while inbox.withLock({ $0.hasWork }) { round() }
            thread.withLock { thread in
                thread.isClosed = true
                thread.writer.close()
            }
        }
    }

    private func submit(_ change: (inout CommitInbox) -> Void, orRefuse refused: () -> Completion?) {
        let (isClosed, mustSchedule) = inbox.withLock { inbox in
            if inbox.isClosed { return (true, false) }
            change(&inbox)
            defer { inbox.isScheduled = true }
            return (false, !inbox.isScheduled)
        }
        if mustSchedule { queue.async { self.scheduledRound() } }
        if isClosed, let completion = refused() {
            let error = StoreError(.closed, path: "registry", operation: "write")
            queue.async { completion(.failure(error)) }
        }
    }

    /// One round a block, so that timers get their turn under a steady load.
    private func scheduledRound() {
        round()
        let mustGoOn = inbox.withLock { inbox in
            inbox.isScheduled = inbox.hasWork
            return inbox.isScheduled
        }
        if mustGoOn {
            queue.async { self.scheduledRound() }
        } else {
            thread.withLock { timeRest(&$0) }
        }
    }

    /// Has the store rest once nothing was written for a while after much was.
    private func timeRest(_ thread: inout ThreadState) {
        let written = thread.writer.written
        guard !thread.isRestTimed, !thread.isClosed, written >= thread.rested + settings.changesBeforeRest else {
            return
        }
        thread.isRestTimed = true
        let delay = DispatchTimeInterval.nanoseconds(Int(clamping: settings.restAfter.inNanoseconds))
        queue.asyncAfter(deadline: .now() + delay) { [weak self] in
            self?.rest(unlessMoreThan: written)
        }
    }

    private func rest(unlessMoreThan written: Int) {
        let isResting = thread.withLock { thread in
            thread.isRestTimed = false
            guard thread.writer.written == written, !thread.isClosed else {
                timeRest(&thread)
                return false
            }
            thread.rested = written
            thread.writer.rest()
            return true
        }
        if isResting { onRest() }
    }

    private func round() {
        let (news, answers) = thread.withLock { thread -> (State?, [@Sendable () -> Void]) in
            guard !thread.isClosed else { return (nil, []) }
            let load = inbox.withLock { $0.take() }
            let result = thread.writer.write(load.units, lastSeen: load.lastSeen, mayTry: load.mayTry)
            if !load.overflow.isEmpty { thread.writer.keep(load.overflow) }
            let overloaded = StoreError(.overloaded, path: "registry", operation: "write")
            var answers: [@Sendable () -> Void] = []
            for completion in load.refusals { answers.append { completion(.failure(overloaded)) } }
            for (completion, outcome) in result.answers { answers.append { completion(outcome) } }
            settle(result, &thread)
            return (stateChange(&thread), answers)
        }
        // A refusal finds the failure known; an acknowledgement comes before what the recovery sets off.
        if let news, news != .working { onStateChange(news) }
        for answer in answers { answer() }
        if news == .working { onStateChange(.working) }
    }

    /// The state, if it is not what it was when last told.
    private func stateChange(_ thread: inout ThreadState) -> State? {
        let state = thread.writer.failure.map(State.failing) ?? .working
        guard state != thread.state else { return nil }
        thread.state = state
        return state
    }

    /// Times the next try, and brings the counters up to date.
    private func settle(_ result: CommitWriter.Round, _ thread: inout ThreadState) {
        let isFailing = thread.writer.failure != nil
        let hasKept = thread.writer.isBehind
        if !isFailing { thread.retryInterval = settings.retryInterval }
        let (mustTimeRetry, mustTimeSave, mustTimeEnqueue) = inbox.withLock { inbox in
            let own = inbox.counters
            inbox.isStoreFailing = isFailing
            inbox.counters = thread.writer.counters
            inbox.counters.pending = own.pending
            inbox.counters.overloads = own.overloads
            // The overflow that was just handed over is written in the next round.
            if hasKept && !isFailing { inbox.isRetryDue = true }
            let mustTimeSave = result.unsaved.isEmpty ? false : inbox.putBack(result.unsaved)
            let mustTimeRetry = isFailing && !inbox.isRetryTimed && !inbox.isClosed
            if mustTimeRetry { inbox.isRetryTimed = true }
            let mustTimeEnqueue = result.failure != nil && settings.enqueueRetryInterval > .zero
            if mustTimeEnqueue { inbox.mayRetryOnEnqueue = false }
            return (mustTimeRetry, mustTimeSave, mustTimeEnqueue)
        }
        if mustTimeSave { timeSave() }
        if mustTimeRetry {
            after(thread.retryInterval) {
                $0.isRetryTimed = false
                $0.isRetryDue = true
            }
            thread.retryInterval = min(thread.retryInterval * 2, settings.retryIntervalMax)
        }
        if mustTimeEnqueue { after(settings.enqueueRetryInterval) { $0.mayRetryOnEnqueue = true } }
    }

    private func timeSave() {
        after(settings.lastSeenSaveInterval) {
            $0.isSaveTimed = false
            $0.isSaveDue = true
        }
    }

    private func after(_ delay: Duration, _ change: @escaping @Sendable (inout CommitInbox) -> Void) {
        let nanoseconds = Int(clamping: delay.inNanoseconds)
        queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) { [weak self] in
            guard let self else { return }
            submit { inbox in
                change(&inbox)
            } orRefuse: {
                nil
            }
        }
    }
}
