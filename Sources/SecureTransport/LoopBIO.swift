internal import COpenSSL
internal import EventLoop

/// OpenSSL's way to the bytes: one BIO over the buffers of a loop, shared by all its sessions. Ciphertext is read where
/// the kernel put it and written where the kernel takes it; no BIO memory, no copy between.
///
/// The callbacks reach a plain struct at a fixed address and nothing else.
enum LoopBIO {
    /// The loop's BIO, made at the first call.
    static func of(_ loop: EventLoop) -> OpaquePointer? {
        let buffers = unsafe loop.buffers
        if let made = unsafe buffers.pointee.transport { return unsafe made }
        guard let bio = unsafe BIO_new(method.raw) else { return nil }
        unsafe BIO_set_data(bio, buffers)
        unsafe buffers.pointee.transport = unsafe bio
        unsafe buffers.pointee.freeTransport = { unsafe _ = BIO_free($0) }
        return unsafe bio
    }

    @safe private struct Method: @unchecked Sendable {
        let raw: OpaquePointer?
    }

    private static let method: Method = {
        let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "loop buffers")
        unsafe BIO_meth_set_create(method) { bio in
            unsafe BIO_set_init(bio, 1)
            return 1
        }
        unsafe BIO_meth_set_read(method) { bio, into, room in unsafe LoopBIO.read(bio, into, room) }
        unsafe BIO_meth_set_write(method) { bio, from, count in unsafe LoopBIO.write(bio, from, count) }
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in
            command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0
        }
        return unsafe Method(raw: method)
    }()

    @inline(__always)
    private static func read(_ bio: OpaquePointer?, _ into: UnsafeMutablePointer<CChar>?, _ room: Int32) -> Int32 {
        unsafe rollcall_bio_clear_retry(bio)
        guard let data = unsafe BIO_get_data(bio), let into = unsafe into else { return -1 }
        let buffers = unsafe data.assumingMemoryBound(to: LoopBuffers.self)
        let count = unsafe min(buffers.pointee.cipherInCount, Int(room))
        guard count > 0 else {
            unsafe rollcall_bio_retry_read(bio)
            return -1
        }
        unsafe UnsafeMutableRawPointer(into).copyMemory(from: buffers.pointee.cipherIn, byteCount: count)
        unsafe buffers.pointee.cipherIn += count
        unsafe buffers.pointee.cipherInCount -= count
        return Int32(count)
    }

    @inline(__always)
    private static func write(_ bio: OpaquePointer?, _ from: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
        unsafe rollcall_bio_clear_retry(bio)
        guard let data = unsafe BIO_get_data(bio), let from = unsafe from else { return -1 }
        let buffers = unsafe data.assumingMemoryBound(to: LoopBuffers.self)
        let room = unsafe LoopBuffers.cipherOutBytesMax - buffers.pointee.cipherOutCount
        guard Int(count) <= room else {
            unsafe rollcall_bio_retry_write(bio)
            return -1
        }
        unsafe (buffers.pointee.cipherOut + buffers.pointee.cipherOutCount)
            .copyMemory(from: from, byteCount: Int(count))
        unsafe buffers.pointee.cipherOutCount += Int(count)
        return count
    }
}
