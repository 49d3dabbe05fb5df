/// A value that belongs to a loop and is changed with every message: it lies at a fixed address of its own.
///
/// Changing a `var` of a class costs a look into the runtime's table of accesses, 165 instructions, because the compiler
/// cannot prove that nobody else is changing it. Here nobody can be, if the value's own methods do not call back into its
/// owner while they change it; debug builds check that. Confined to its loop.
@safe public struct LoopOwned<Value>: ~Copyable {
    @usableFromInline
    let place: UnsafeMutablePointer<Value>
    #if DEBUG
    @usableFromInline
    let isLent: UnsafeMutablePointer<Bool>
    #endif

    /// Takes the value over.
    public init(_ value: consuming Value) {
        unsafe place = .allocate(capacity: 1)
        unsafe place.initialize(to: value)
        #if DEBUG
        unsafe isLent = .allocate(capacity: 1)
        unsafe isLent.initialize(to: false)
        #endif
    }

    deinit {
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
        #if DEBUG
        unsafe isLent.deallocate()
        #endif
    }

    /// The value, to be read or changed where it lies.
    @inlinable
    public var value: Value {
        @inline(__always)
        _read { yield unsafe place.pointee }
        @inline(__always)
        nonmutating _modify {
            lend()
            defer { takeBack() }
            yield unsafe &place.pointee
        }
    }

    @inlinable
    @inline(__always)
    func lend() {
        #if DEBUG
        precondition(unsafe !isLent.pointee, "a loop's value is changed while it is being changed")
        unsafe isLent.pointee = true
        #endif
    }

    @inlinable
    @inline(__always)
    func takeBack() {
        #if DEBUG
        unsafe isLent.pointee = false
        #endif
    }
}
