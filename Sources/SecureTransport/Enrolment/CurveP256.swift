internal import COpenSSL

/// The arithmetic of P-256 that SPAKE2+ needs, by OpenSSL's functions that are not deprecated.
///
/// A point is multiplied by one scalar at a time: that way OpenSSL takes the same time for each scalar, which it does not
/// promise for two at once. Scalars and points are wiped when they are given back.
enum CurveP256 {
    /// Bytes of a scalar, and of a coordinate.
    static let scalarBytes = 32
    /// Bytes of a point on the wire: 4, then both coordinates (SEC 1 section 2.3.3, uncompressed).
    static let pointBytes = 65

    // Made once and only read afterwards.
    @safe private struct Group: @unchecked Sendable {
        let raw: OpaquePointer?
    }
    private static let group = {
        _ = RecordBufferPool.isInstalled
        return unsafe Group(raw: EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1))
    }()

    /// A number below the order of the group.
    @safe final class Scalar {
        fileprivate let raw: OpaquePointer

        fileprivate init?(_ made: OpaquePointer?) {
            guard let made = unsafe made else { return nil }
            unsafe BN_set_flags(made, BN_FLG_CONSTTIME)
            unsafe raw = made
        }

        /// A random one, not 0; nil when memory or randomness is short.
        static func random() -> Scalar? {
            guard let order = unsafe EC_GROUP_get0_order(group.raw), let scalar = unsafe Scalar(BN_new()) else {
                return nil
            }
            repeat {
                guard unsafe BN_priv_rand_range(scalar.raw, order) == 1 else { return nil }
            } while unsafe BN_is_zero(scalar.raw) == 1
            return scalar
        }

        /// Big-endian bytes, reduced by the order of the group; nil for 0.
        static func reduced(_ bytes: UnsafeRawBufferPointer) -> Scalar? {
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard let order = unsafe EC_GROUP_get0_order(group.raw),
                let number = unsafe Scalar(BN_bin2bn(start, Int32(bytes.count), nil)),
                let scalar = unsafe Scalar(BN_new()), let scratch = unsafe BN_CTX_new()
            else { return nil }
            defer { unsafe BN_CTX_free(scratch) }
            guard unsafe BN_nnmod(scalar.raw, number.raw, order, scratch) == 1, unsafe BN_is_zero(scalar.raw) == 0
            else { return nil }
            return scalar
        }

        /// Its 32 bytes, big-endian.
        func encoded() -> SecretBytes? {
            let number = unsafe raw
            return unsafe SecretBytes(count: scalarBytes) { bytes in
                let out = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe BN_bn2binpad(number, out, Int32(scalarBytes)) == Int32(scalarBytes)
            }
        }

        deinit { unsafe BN_clear_free(raw) }
    }

    /// A point of the curve, never the one at infinity.
    @safe final class Point {
        private let raw: OpaquePointer

        private init?(_ fill: (_ group: OpaquePointer, _ made: OpaquePointer) -> Int32) {
            guard let group = unsafe group.raw, let made = unsafe EC_POINT_new(group) else { return nil }
            guard unsafe fill(group, made) == 1, unsafe EC_POINT_is_at_infinity(group, made) == 0,
                unsafe EC_POINT_is_on_curve(group, made, nil) == 1
            else {
                unsafe EC_POINT_clear_free(made)
                ErrorQueue.clear()
                return nil
            }
            unsafe raw = made
        }

        /// What a peer sent: 65 bytes, uncompressed, a point of the curve other than that at infinity. P-256 has cofactor 1, so
        /// that each of those is in the group (RFC 9383 section 3.3).
        convenience init?(peer bytes: [UInt8]) {
            guard bytes.count == pointBytes, bytes[0] == 4 else { return nil }
            self.init(constant: bytes)
        }

        /// A point that this program knows, in any of SEC 1's forms.
        convenience init?(constant bytes: [UInt8]) {
            unsafe self.init { unsafe EC_POINT_oct2point($0, $1, bytes, bytes.count, nil) }
        }

        /// The generator, times a scalar.
        convenience init?(generatorTimes scalar: Scalar) {
            let scalar = unsafe scalar.raw
            unsafe self.init { unsafe EC_POINT_mul($0, $1, scalar, nil, nil, nil) }
        }

        /// This point, times a scalar.
        func times(_ scalar: Scalar) -> Point? {
            let (scalar, point) = unsafe (scalar.raw, raw)
            return unsafe Point { unsafe EC_POINT_mul($0, $1, nil, point, scalar, nil) }
        }

        /// This point and another.
        func plus(_ other: Point?) -> Point? {
            guard let other else { return nil }
            let (one, two) = unsafe (raw, other.raw)
            return unsafe Point { unsafe EC_POINT_add($0, $1, one, two, nil) }
        }

        /// This point less another.
        func minus(_ other: Point?) -> Point? {
            guard let other else { return nil }
            let (one, two) = unsafe (raw, other.raw)
            return unsafe Point { group, made in
                guard unsafe EC_POINT_copy(made, two) == 1, unsafe EC_POINT_invert(group, made, nil) == 1 else {
                    return 0
                }
                return unsafe EC_POINT_add(group, made, made, one, nil)
            }
        }

        /// Its 65 bytes.
        func encoded() -> SecretBytes? {
            let point = unsafe raw
            return unsafe SecretBytes(count: pointBytes) { bytes in
                let out = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe EC_POINT_point2oct(
                    group.raw, point, POINT_CONVERSION_UNCOMPRESSED, out, pointBytes, nil) == pointBytes
            }
        }

        /// The same, of a point that everybody may see.
        func published() -> [UInt8]? { encoded().map { unsafe $0.withBytes { unsafe Array($0) } } }

        deinit { unsafe EC_POINT_clear_free(raw) }
    }
}
