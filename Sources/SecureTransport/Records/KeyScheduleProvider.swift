internal import COpenSSL
internal import Glibc

/// OpenSSL's key schedule of TLS 1.3, "TLS13-KDF", as a provider of ours. Contexts whose records may be taken over ask for it.
///
/// There, where the traffic secrets are made, they are noted (`HandshakeNotes`): the other way to learn them is OpenSSL's key
/// log, which prints them. And there the hashes' contexts are kept from one of a handshake's 22 calls to the next, where OpenSSL
/// makes them anew: 680,000 instructions of a resumed handshake's 2.9 million. What a call computes is RFC 8446 section 7.1
/// and nothing else (`KeySchedule`); tests hold it against OpenSSL's.
enum KeyScheduleProvider {
    /// What an SSL_CTX asks for: ours where there is one. Everything else is OpenSSL's, as for everybody.
    static let query = "?provider=\(name)"

    /// Whether OpenSSL has taken it in. Once for the process, before the first context that asks for it. A context that asks for
    /// nobody's may get this one, too.
    static let isLoaded: Bool = {
        // Before OpenSSL's first allocation.
        _ = RecordBufferPool.isInstalled
        let isKnown = unsafe OSSL_PROVIDER_add_builtin(nil, name) { _, _, functions, context in
            unsafe functions?.pointee = UnsafePointer(KeyScheduleProvider.tables.provider)
            // It has no state, but an address must be there.
            unsafe context?.pointee = UnsafeMutableRawPointer(KeyScheduleProvider.tables.provider)
            return 1
        }
        // 1: OpenSSL's default provider stays, which a process has as long as it loads no other.
        return unsafe isKnown == 1 && OSSL_PROVIDER_try_load(nil, name, 1) != nil
    }()

    private static let name = "rollcall"

    /// Runs a step of a handshake, whose traffic secrets go into the notes.
    static func noting<Result>(_ notes: UnsafeMutablePointer<HandshakeNotes>?, _ step: () -> Result) -> Result {
        guard let notes = unsafe notes, let thread = unsafe OfThread.current() else { return step() }
        unsafe thread.pointee.notes = unsafe notes
        defer {
            unsafe thread.pointee.notes = nil
            unsafe thread.pointee.schedule.end()
        }
        return step()
    }

    // MARK: what OpenSSL calls

    private typealias Plain = @convention(c) () -> Void
    private typealias Query =
        @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<Int32>?)
        -> UnsafePointer<OSSL_ALGORITHM>?
    private typealias Make = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void
    private typealias Derive =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int, UnsafePointer<OSSL_PARAM>?
        ) -> Int32

    /// Tables of functions, ended by zeros, that live as long as the process.
    @safe private struct Tables: @unchecked Sendable {
        let provider: UnsafeMutablePointer<OSSL_DISPATCH>
        let algorithms: UnsafeMutablePointer<OSSL_ALGORITHM>

        init() {
            let query: Query = { _, operation, _ in
                operation == OSSL_OP_KDF ? unsafe UnsafePointer(KeyScheduleProvider.tables.algorithms) : nil
            }
            let make: Make = { unsafe $0 }
            let free: Free = { _ in }
            let derive: Derive = { _, output, count, parameters in
                unsafe KeyScheduleProvider.derive(
                    UnsafeMutableRawBufferPointer(start: output, count: count), parameters) ? 1 : 0
            }
            unsafe provider = Self.table([(OSSL_FUNC_PROVIDER_QUERY_OPERATION, unsafeBitCast(query, to: Plain.self))])
            let functions = unsafe Self.table([
                (OSSL_FUNC_KDF_NEWCTX, unsafeBitCast(make, to: Plain.self)),
                (OSSL_FUNC_KDF_FREECTX, unsafeBitCast(free, to: Plain.self)),
                (OSSL_FUNC_KDF_DERIVE, unsafeBitCast(derive, to: Plain.self)),
            ])
            unsafe algorithms = .allocate(capacity: 2)
            unsafe algorithms.initialize(
                to: OSSL_ALGORITHM(
                    algorithm_names: strdup("TLS13-KDF"),
                    property_definition: strdup("provider=\(KeyScheduleProvider.name)"),
                    implementation: functions, algorithm_description: nil))
            unsafe (algorithms + 1).initialize(to: OSSL_ALGORITHM())
        }

        private static func table(_ functions: [(Int32, Plain)]) -> UnsafeMutablePointer<OSSL_DISPATCH> {
            let table = UnsafeMutablePointer<OSSL_DISPATCH>.allocate(capacity: functions.count + 1)
            for (index, (number, function)) in functions.enumerated() {
                unsafe (table + index).initialize(to: OSSL_DISPATCH(function_id: number, function: function))
            }
            unsafe (table + functions.count).initialize(to: OSSL_DISPATCH())
            return unsafe table
        }
    }

    private static let tables = Tables()

    /// One call of the key schedule: HKDF-Expand-Label, or the step from one secret to the next.
    private static func derive(_ output: UnsafeMutableRawBufferPointer, _ parameters: UnsafePointer<OSSL_PARAM>?)
        -> Bool
    {
        guard let thread = unsafe OfThread.current(), let call = unsafe KeyScheduleCall(parameters) else {
            return false
        }
        // Outside of a handshake (KeyUpdate) nobody comes after this to wipe.
        defer { if unsafe thread.pointee.notes == nil { unsafe thread.pointee.schedule.end() } }
        guard unsafe call.run(thread.pointee.schedule, into: output) else { return false }
        if let notes = unsafe thread.pointee.notes, call.isExpansion {
            unsafe notes.pointee.note(call.label, UnsafeRawBufferPointer(output))
        }
        return true
    }

    // MARK: a thread's own

    /// A thread's contexts, and the notes of the handshake that it is at. They end with the thread.
    @safe private struct OfThread {
        var schedule: KeySchedule
        var notes: UnsafeMutablePointer<HandshakeNotes>?

        /// Made at the first call; nil when memory is short.
        static func current() -> UnsafeMutablePointer<OfThread>? {
            if let made = unsafe pthread_getspecific(key) { return unsafe made.assumingMemoryBound(to: OfThread.self) }
            guard let schedule = KeySchedule() else { return nil }
            let made = UnsafeMutablePointer<OfThread>.allocate(capacity: 1)
            unsafe made.initialize(to: OfThread(schedule: schedule))
            guard unsafe pthread_setspecific(key, made) == 0 else {
                schedule.free()
                unsafe made.deallocate()
                return nil
            }
            return unsafe made
        }

        private static let key = {
            var key: pthread_key_t = 0
            unsafe _ = pthread_key_create(&key) { data in
                guard let ended = unsafe data?.assumingMemoryBound(to: OfThread.self) else { return }
                unsafe ended.pointee.schedule.free()
                unsafe ended.deallocate()
            }
            return key
        }()
    }
}
