/// How much of something a connection may do (RFC 8446 section 5.5).
struct RecordLimits: Equatable {
    /// Records after which a key is replaced: 2^23, far below the 2^24.5 full records after which AES-GCM's confidentiality
    /// margin is used up; for ChaCha20-Poly1305, which has none such, too. One rule for all is easier to be sure of, and
    /// keeps the record's number from ever wrapping.
    var recordsBeforeUpdate: UInt64 = 1 << 23
    /// Records of one key that are taken from a peer that was asked for a KeyUpdate and sent none: 2^24.5.
    var recordsMax: UInt64 = 23_726_566
    /// Records in a row that bring no data: empty ones, KeyUpdates, user_canceled. Each costs the server work and the peer
    /// next to nothing. OpenSSL's limit is 32, too.
    var barrenRecordsMax: UInt8 = 32
}
