/// The alerts that the record layer sends, or reads by name (RFC 8446 section 6); any other number is an error's.
enum TLSAlert: UInt8 {
    case closeNotify = 0
    case unexpectedMessage = 10
    case badRecordMAC = 20
    case recordOverflow = 22
    case illegalParameter = 47
    case decodeError = 50
    case internalError = 80
    case userCanceled = 90
}

/// Why a connection came to its end before anybody said goodbye.
enum RecordFault: Equatable {
    /// The peer did what it must not do, and is told so by the refusal's alert.
    case refused(RecordRefusal)
    /// The peer sent this alert.
    case alerted(UInt8)
}

/// What a peer must not send, each with its alert and where the RFC asks for it.
enum RecordRefusal: UInt8, CaseIterable {
    case notEncrypted, tooLong, altered, tooMuchContent, withoutType, unknownType
    case emptyAlert, cutAlert, emptyHandshake, notKeyUpdate, keyUpdateLength, keyUpdateValue, behindKeyUpdate
    case withinKeyUpdate, tooManyBarren, keyWornOut, noNewKey

    /// What the peer is told.
    var alert: TLSAlert {
        switch self {
        case .notEncrypted, .unknownType: .unexpectedMessage  // section 5
        case .tooLong, .tooMuchContent: .recordOverflow  // section 5.2, 5.4
        case .altered: .badRecordMAC  // section 5.2
        case .withoutType: .unexpectedMessage  // section 5.4
        case .emptyAlert, .emptyHandshake: .unexpectedMessage  // section 5.4
        case .cutAlert, .keyUpdateLength: .decodeError  // section 6.2
        case .notKeyUpdate: .unexpectedMessage  // section 4: nothing else comes to a server that asks for nothing
        case .keyUpdateValue: .illegalParameter  // section 4.6.3
        case .behindKeyUpdate, .withinKeyUpdate: .unexpectedMessage  // section 5.1
        case .tooManyBarren, .keyWornOut: .unexpectedMessage  // our limits
        case .noNewKey: .internalError
        }
    }

    /// The same for people: what came.
    var description: String {
        switch self {
        case .notEncrypted: "a record that is not encrypted"
        case .tooLong: "a record that is too long"
        case .altered: "a record that was altered on its way, or is not of this connection"
        case .tooMuchContent: "more content than a record may hold"
        case .withoutType: "a record without a content type"
        case .unknownType: "a record of an unknown type"
        case .emptyAlert: "an empty alert"
        case .cutAlert: "an alert that is not two bytes"
        case .emptyHandshake: "an empty handshake record"
        case .notKeyUpdate: "a handshake message other than KeyUpdate"
        case .keyUpdateLength: "a KeyUpdate of a wrong length"
        case .keyUpdateValue: "a KeyUpdate that asks for neither"
        case .behindKeyUpdate: "more behind a KeyUpdate in its record"
        case .withinKeyUpdate: "another record in the middle of a KeyUpdate"
        case .tooManyBarren: "too many records in a row that bring no data"
        case .keyWornOut: "too many records without the KeyUpdate that was asked for"
        case .noNewKey: "a KeyUpdate for which memory was too short"
        }
    }
}
