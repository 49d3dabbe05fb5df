internal import EventLoop
internal import Foundation
public import Logging
internal import Registry
internal import RegistryStore
internal import RollcallProtocol

/// The server: puts the parts together, runs them, and takes them apart in order.
///
/// The calling thread runs the control loop: the registry, the operators' socket, signals. Each data loop has a thread
/// of its own. The store works on a queue of its own.
public final class ConfigurationServer {
    private let settings: ServerSettings
    private let log: Logger
    private let clock = ServerClock()
    private let directory: DataDirectory
    private let trust: ServerTrust
    private let sockets: [[ListeningSocket]]
    private let localSocket: ListeningSocket
    private let store: SQLiteStore
    private let control: EventLoop
    private let census: ConnectionCensus
    private let shell: RegistryShell
    private let local: SessionLoop
    private let doors = LoopDoors()
    private var threads: [EventLoopThread] = []
    private var signals: [LoopSignal] = []
    private var stopping: LoopTimer?
    private var watchdog: LoopTimer?
    private let reload: Reload
    private let pace = AdmissionPace()
    private let pulses = PulseBoard()
    private let admission: AdmissionControl
    private var ticketKeys: LoopTimer?

    /// How long the end may wait for connections to close. The whole stop stays under five seconds.
    static let drainMax = Duration.seconds(3)

    /// Takes the data directory, the certificates, the ports and the registry, in this order, so that what is most
    /// likely wrong is said first and nothing is touched before everything is there.
    /// - Throws: `ServerError` with one line.
    public init(settings given: ServerSettings, log: Logger) throws(ServerError) {
        var settings = given
        directory = try Self.open(settings)
        trust = try ServerTrust(settings)
        settings.fleet = trust.fleet
        settings.registry.fleet = settings.fleet
        settings.registry.serverVersion = Version.text
        (sockets, settings.listen) = try Self.listen(settings)
        settings.registry.serverPort = Int(settings.listen.first?.port ?? 443)
        localSocket = try Self.listenLocally(directory)
        do { control = try EventLoop() } catch { throw ServerError("\(error)") }
        var registry = Registry(settings: settings.registry, startingAt: clock.now(on: control))
        do {
            store = try SQLiteStore(path: directory.registryPath, fleet: settings.fleet)
            registry.endRestore(try store.load { registry.restore($0) })
            ProcessMemory.giveBack()
            if let own = NodeID(store.identity.serverID) {
                let run = store.beginRun()
                registry.identify(
                    as: ServerTag(registry: own, start: run.start, run: run.run, host: settings.hostname),
                    runs: run.runs)
            }
        } catch {
            throw ServerError("\(error)")
        }
        self.settings = settings
        self.log = log
        census = ConnectionCensus(connections: settings.maxConnections, unauthenticated: settings.maxUnauthenticated)
        let (control, doors, storeNews) = (self.control, self.doors, StoreNews())
        var commits = CommitSettings()
        // The shell hands last-seen times over when they are due: no second wait.
        commits.lastSeenSaveInterval = .zero
        let queue = CommitQueue(store: store, settings: commits) { state in
            control.post { storeNews.tell(state) }
        } onRest: {
            ProcessMemory.giveBack()
        }
        shell = RegistryShell(
            registry: registry, loop: control, store: store, queue: queue, settings: settings, census: census,
            clock: clock, pulses: pulses, log: log,
            reply: { doors.deliver($1, to: $0) })
        admission = AdmissionControl(settings: settings, census: census, pace: pace, log: log)
        shell.admission = admission
        reload = Reload(trust: trust, doors: doors, loop: control, log: log)
        shell.reload = reload
        reload.onRead = { [unowned shell, trust] in shell.certificateRead(until: trust.certificateUntil) }
        storeNews.set(LoopBound(shell, of: control))
        shell.listening = settings.listen.map(\.description)
        local = SessionLoop(
            index: UInt16(settings.loops), loop: control, settings: settings, trust: trust, clock: clock,
            census: census, pace: pace, pulses: PulseBoard(), log: log)
    }

    /// Runs until SIGTERM or SIGINT, or `stop`. Returns when everything is closed and durable.
    /// - Throws: `ServerError` if a loop or a signal cannot be set up.
    public func run() throws(ServerError) {
        do {
            Self.connect(local, as: .control, to: LoopBound(shell, of: control), on: control)
            // The shell watches this loop itself.
            local.onStall = { _ in }
            doors.open(LoopBound(local, of: control), index: settings.loops)
            try local.listenLocally(localSocket)
            local.start()
            admission.announceReturn(&shell.registry, at: shell.now)
            shell.onClockMoved = { [doors] in doors.clockMoved($0) }
            shell.start()
            shell.certificateRead(until: trust.certificateUntil)
            for index in 0..<settings.loops { threads.append(try startLoop(index)) }
            for number in [SIGTERM, SIGINT] {
                signals.append(try LoopSignal(number, on: control) { [unowned self] in self.stop() })
            }
            signals.append(
                try LoopSignal(SIGHUP, on: control) { [unowned self] in self.reload.begin(by: "SIGHUP") { _ in } })
        } catch { throw ServerError("\(error)") }
        startWatchdog()
        keepTicketKeys()
        let addresses = settings.listen.map(\.description).joined(separator: ", ")
        log.notice("ready: fleet “\(settings.fleet)”, listening on \(addresses), operators on \(directory.socketPath)")
        ServiceNotifier.notify("READY=1\nSTATUS=listening on \(addresses)")
        control.run()
        control.closeEverything()
        shell.stop()
        try? FileManager.default.removeItem(atPath: directory.socketPath)
        directory.close()
        log.notice("stopped")
    }

    /// Begins the end: everybody is asked to come back later, and so is whoever dials until all of them have gone (and for
    /// at least `drain-for`), so that a server that drains can be told from one that is down. Then the store is closed. A
    /// second call gives up waiting. Control loop's thread.
    public func stop() {
        guard stopping == nil else { return finish() }
        log.notice("stopping: \(census.count) connections are asked to come back")
        ServiceNotifier.notify("STOPPING=1")
        shell.isDraining = true
        let now = shell.now
        let earliest = now + settings.drainFor
        doors.drainAll(reason: "the server is about to restart", until: earliest)
        let slots = pace.slot * (census.count / max(1, settings.loops) + 1)
        admission.keep(due: earliest + settings.comeBackAfter + slots)
        let deadline = max(earliest, now + Self.drainMax)
        let timer = LoopTimer(on: control)
        stopping = timer
        timer.start(after: .milliseconds(10), repeating: .milliseconds(10)) { [unowned self] in
            let now = self.shell.now
            if now >= deadline || self.census.count == 0 && now >= earliest { self.finish() }
        }
    }

    private func finish() {
        stopping = nil
        watchdog = nil
        ticketKeys = nil
        signals = []
        for thread in threads { thread.loop.stop() }
        for thread in threads { thread.join() }
        threads = []
        control.stop()
    }

    // MARK: loops

    /// Has a loop tell the owner of the registry what its sessions hear and see. On the sessions' loop.
    private static func connect(
        _ sessions: SessionLoop, as which: ServerLoop, to shell: LoopBound<RegistryShell>, on control: EventLoop
    ) {
        sessions.onEvent = { session, event in control.post { shell.value.handle(event, of: session) } }
        sessions.onStall = { lost in control.post { shell.value.stalled(which, for: lost) } }
        sessions.onHeard = { batch, heartbeats in control.post { shell.value.heard(batch, heartbeats: heartbeats) } }
        sessions.onAttempts = { batch, dropped in control.post { shell.value.attempted(batch, dropped: dropped) } }
    }

    private func startLoop(_ index: Int) throws(LoopError) -> EventLoopThread {
        let (settings, trust, clock, census, log, doors) = (settings, trust, clock, census, log, doors)
        let (pace, pulses) = (self.pace, self.pulses)
        let own = sockets.map { $0[index] }
        let shell = LoopBound(self.shell, of: control)
        let control = self.control
        return try EventLoopThread(
            setUp: { loop in
                let sessions = SessionLoop(
                    index: UInt16(index), loop: loop, settings: settings, trust: trust, clock: clock, census: census,
                    pace: pace, pulses: pulses, log: log)
                Self.connect(sessions, as: .sessions(index), to: shell, on: control)
                doors.open(LoopBound(sessions, of: loop), index: index)
                loop.gatherArrivals(for: settings.gatherArrivals)
                sessions.start()
                for socket in own {
                    do { try sessions.listen(socket) } catch {
                        log.critical("loop \(index) cannot listen on \(socket.address): \(error)")
                    }
                }
            },
            tearDown: { _ in doors.close(index: index) })
    }

    /// Has ticket keys made and dropped in time; looks often enough for the shortest life that makes sense.
    private func keepTicketKeys() {
        guard settings.resumeWithin > .zero else { return }
        let timer = LoopTimer(on: control)
        ticketKeys = timer
        let look = { [unowned self] in
            if let problem = trust.rotateTicketKeys() { log.warning("\(problem)") }
        }
        look()
        timer.start(after: .seconds(60), repeating: .seconds(60), look)
    }

    private func startWatchdog() {
        guard let period = ServiceNotifier.watchdogPeriod else { return }
        let timer = LoopTimer(on: control)
        watchdog = timer
        let answers = Answers()
        answers.expect(0)
        timer.start(after: .zero, repeating: period) { [unowned self] in
            // A loop that does not answer within a period hangs: the service manager hears nothing, and restarts us.
            if answers.isComplete { ServiceNotifier.notify("WATCHDOG=1") }
            answers.expect(self.threads.count)
            for thread in self.threads { thread.loop.post { answers.count() } }
        }
    }

    // MARK: taking hold of things

    private static func open(_ settings: ServerSettings) throws(ServerError) -> DataDirectory {
        do { return try DataDirectory(path: settings.data) } catch { throw ServerError("\(error)") }
    }

    private static func listen(
        _ settings: ServerSettings
    ) throws(ServerError) -> (sockets: [[ListeningSocket]], addresses: [SocketAddress]) {
        var sockets: [[ListeningSocket]] = []
        for address in settings.listen {
            do {
                sockets.append(try ListeningSocket.listen(on: address, count: settings.loops))
            } catch {
                // The default asks for both families; a machine may have only one.
                if !settings.listenWasGiven, error.isFamilyNotSupported || error.isAddressNotAvailable { continue }
                throw ServerError(why(error, address))
            }
        }
        guard !sockets.isEmpty else { throw ServerError("this machine has neither IPv4 nor IPv6 to listen on") }
        return (sockets, sockets.map { $0[0].address })
    }

    private static func why(_ error: LoopError, _ address: SocketAddress) -> String {
        let other = address.with(port: 8443)
        if error.isAddressInUse {
            return "port \(address.port) is in use: another program listens on \(address); stop it, or choose another "
                + "port: --listen \(other)"
        }
        if error.isPermissionDenied {
            return
                "not allowed to listen on \(address): ports below 1024 need root or CAP_NET_BIND_SERVICE; run it so, or "
                + "choose another port: --listen \(other)"
        }
        if error.isAddressNotAvailable {
            return "\(address.host) is not an address of this machine; see: ip address"
        }
        return "cannot listen on \(address): \(error.reason)"
    }

    private static func listenLocally(_ directory: DataDirectory) throws(ServerError) -> ListeningSocket {
        do { return try ListeningSocket.listen(atPath: directory.socketPath) } catch {
            throw ServerError(
                "cannot make the operators' socket \(directory.socketPath): \(error.reason); check the directory's "
                    + "permissions, and that its path is shorter than 90 bytes")
        }
    }
}

/// Carries the store's news to the shell, which is made after the queue that tells them. Control loop only.
private final class StoreNews: @unchecked Sendable {
    private var shell: LoopBound<RegistryShell>?

    func set(_ shell: LoopBound<RegistryShell>) { self.shell = shell }

    func tell(_ state: CommitQueue.State) { shell?.value.storeChanged(state) }
}
