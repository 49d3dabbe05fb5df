internal import COpenSSL
internal import Glibc
internal import Synchronization

/// OpenSSL's record buffers, kept for the next record instead of given back to malloc.
///
/// With SSL_MODE_RELEASE_BUFFERS an idle connection owns no record buffer, which saves 15.8 kB a connection; but each record
/// then costs two pairs of malloc and free of 16 KiB, 1,230 instructions a heartbeat. Blocks for them lie in one region of
/// the process, so that an address tells whose it is and no block needs a header. Each thread keeps a few free ones without
/// a lock; the others are shared. When all are in use (many connections in the middle of a record), malloc serves.
///
/// What OpenSSL would have given back, another connection of the same process gets with its old content, as malloc does it.
enum RecordBufferPool {
    /// What OpenSSL 3.0 asks for a record: 16 KiB of plaintext and overhead that depends on version and direction
    /// (16,712 bytes for reading, 16,560 for writing). Nothing else that it allocates is of that size for long.
    private static let requestBytesMin = 16 * 1024
    /// What a request of such a size gets: whole cache lines.
    static let blockBytes = 18 * 1024
    /// Blocks of the process, 4.5 MiB of addresses; memory is used for those that were ever in use at once.
    static let blocksMax = 256
    /// Free blocks a thread keeps: one is in use at a time, unless records arrive in pieces.
    static let blocksPerThreadMax = 8

    /// Whether OpenSSL's memory goes through here. Installed at the first look, which has to come before OpenSSL's first
    /// allocation in the process: whoever makes something of OpenSSL's looks first. False: OpenSSL was faster, or there is
    /// no memory for the region; then it uses malloc.
    static let isInstalled: Bool = unsafe reserve() && CRYPTO_set_mem_functions(allocate, reallocate, release) == 1

    // Written once, by `reserve`, before the first call that reads them; not `let`, because a lazily made constant costs
    // a look at its guard with each call.
    @exclusivity(unchecked) private nonisolated(unsafe) static var region: UInt = 0
    @exclusivity(unchecked) private nonisolated(unsafe) static var key: pthread_key_t = 0

    private static func reserve() -> Bool {
        let bytes = blocksMax * blockBytes
        guard
            let memory = unsafe mmap(
                nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            unsafe memory != MAP_FAILED,
            unsafe pthread_key_create(&key, { list in unsafe RecordBufferPool.threadEnded(list) }) == 0
        else { return false }
        unsafe _ = madvise(memory, bytes, MADV_NOHUGEPAGE)
        unsafe region = UInt(bitPattern: memory)
        shared.withLock { $0.reserveCapacity(blocksMax) }
        for index in (0..<blocksMax).reversed() { shared.withLock { $0.append(Int32(index)) } }
        return true
    }

    // MARK: OpenSSL's hooks

    private static let allocate: CRYPTO_malloc_fn = { size, _, _ in
        size >= requestBytesMin && size <= blockBytes ? unsafe take() ?? malloc(size) : unsafe malloc(size)
    }

    private static let release: CRYPTO_free_fn = { block, _, _ in
        guard let block = unsafe block else { return }
        if unsafe owns(block) { return unsafe give(block) }
        // OpenSSL wipes keys before it frees them, but not the object of a connection, in which the traffic secrets and the
        // master secret are left. It begins with its version; what else begins so is wiped in vain.
        if unsafe block.load(as: Int32.self) == TLS1_3_VERSION {
            unsafe OPENSSL_cleanse(block, Int(rollcall_usable_size(block)))
        }
        unsafe free(block)
    }

    private static let reallocate: CRYPTO_realloc_fn = { block, size, _, _ in
        guard let block = unsafe block, unsafe owns(block) else { return unsafe realloc(block, size) }
        if size > 0, size <= blockBytes { return unsafe block }
        let larger = size > 0 ? unsafe malloc(size) : nil
        if size > 0, unsafe larger == nil { return nil }
        unsafe larger?.copyMemory(from: block, byteCount: blockBytes)
        unsafe give(block)
        return unsafe larger
    }

    // MARK: blocks

    /// Whether the address is that of a block of the region.
    @inline(__always)
    static func owns(_ block: UnsafeMutableRawPointer) -> Bool {
        unsafe UInt(bitPattern: block) &- region < UInt(blocksMax * blockBytes)
    }

    /// A free block, which no other thread has; nil when all are in use.
    @inline(__always)
    static func take() -> UnsafeMutableRawPointer? {
        guard let list = unsafe ThreadList.current(key), unsafe list.pointee.count > 0 else {
            return unsafe takeShared()
        }
        unsafe list.pointee.count &-= 1
        return unsafe list.pointee.blocks[list.pointee.count]
    }

    /// Takes back a block of the region, on whatever thread.
    @inline(__always)
    static func give(_ block: UnsafeMutableRawPointer) {
        guard let list = unsafe ThreadList.current(key), unsafe list.pointee.count < blocksPerThreadMax else {
            return unsafe giveFirst(block)
        }
        unsafe list.pointee.blocks[list.pointee.count] = unsafe block
        unsafe list.pointee.count &+= 1
    }

    /// Free blocks of the calling thread.
    static var blocksOfThisThread: Int { unsafe ThreadList.current(key)?.pointee.count ?? 0 }

    /// A thread's free blocks, in memory of its own that ends with the thread.
    @safe private struct ThreadList {
        var count = 0
        var blocks = unsafe InlineArray<8, UnsafeMutableRawPointer?>(repeating: nil)

        @inline(__always)
        static func current(_ key: pthread_key_t) -> UnsafeMutablePointer<ThreadList>? {
            unsafe pthread_getspecific(key)?.assumingMemoryBound(to: ThreadList.self)
        }
    }

    /// Numbers of the free blocks that no thread keeps.
    private static let shared = Mutex<ContiguousArray<Int32>>([])

    @inline(never)
    private static func takeShared() -> UnsafeMutableRawPointer? {
        guard let number = shared.withLock({ $0.popLast() }) else { return nil }
        return unsafe UnsafeMutableRawPointer(bitPattern: region + UInt(number) * UInt(blockBytes))
    }

    private static func giveShared(_ block: UnsafeMutableRawPointer) {
        let number = unsafe Int32((UInt(bitPattern: block) - region) / UInt(blockBytes))
        shared.withLock { $0.append(number) }
    }

    /// The thread's first block makes it a list; one too many goes to the others.
    @inline(never)
    private static func giveFirst(_ block: UnsafeMutableRawPointer) {
        guard unsafe ThreadList.current(key) == nil else { return unsafe giveShared(block) }
        let list = UnsafeMutablePointer<ThreadList>.allocate(capacity: 1)
        unsafe list.initialize(to: ThreadList())
        guard unsafe pthread_setspecific(key, list) == 0 else {
            unsafe list.deallocate()
            return unsafe giveShared(block)
        }
        unsafe give(block)
    }

    private static func threadEnded(_ list: UnsafeMutableRawPointer?) {
        guard let list = unsafe list?.assumingMemoryBound(to: ThreadList.self) else { return }
        for index in 0..<(unsafe list.pointee.count) {
            if let block = unsafe list.pointee.blocks[index] { unsafe giveShared(block) }
        }
        unsafe list.deallocate()
    }
}
