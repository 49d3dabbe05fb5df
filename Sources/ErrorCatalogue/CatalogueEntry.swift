/// What there is to say about an error code, before it has happened to anybody.
public struct CatalogueEntry: Equatable, Sendable {
    /// The code.
    public var code: ErrorCode
    /// How bad it is.
    public var severity: Severity
    /// In English.
    public var english: CatalogueText
    /// In Traditional Chinese.
    public var traditionalChinese: CatalogueText

    /// The text in a language.
    public func text(in language: Language) -> CatalogueText {
        switch language {
        case .english: english
        case .traditionalChinese: traditionalChinese
        }
    }
}

/// An entry's text in one language. Both languages say the same, point by point.
public struct CatalogueText: Equatable, Sendable {
    /// One line.
    public var title: String
    /// What the error says, and what it does not.
    public var meaning: String
    /// Causes, the most likely first.
    public var causes: [String]
    /// What to do, in order.
    public var remedies: [String]
    /// The facts that an active error of this code carries.
    public var evidence: [String]
}

/// Every code explained.
public enum Catalogue {
    /// All entries, in the order of `ErrorCode`.
    public static let entries: [CatalogueEntry] = ErrorCode.allCases.map(entry)

    /// The entry of a code.
    public static func entry(for code: ErrorCode) -> CatalogueEntry {
        switch code {
        case .noContact: noContact
        case .applicationServiceNotRunning: applicationServiceNotRunning
        case .machineGone: machineGone
        case .noHeartbeatFromSource: noHeartbeatFromSource
        case .processServerSilent: processServerSilent
        case .masterTargetSilent: masterTargetSilent
        case .serviceNotRunning: serviceNotRunning
        case .registryNotWritable: registryNotWritable
        case .serverStalled: serverStalled
        case .serverClockStepped: serverClockStepped
        case .serverOverloaded: serverOverloaded
        case .failoverOverdue: failoverOverdue
        case .agentElsewhere: agentElsewhere
        case .dataPathBlocked: dataPathBlocked
        case .componentSilent: componentSilent
        case .commonCause: commonCause
        case .flapping: flapping
        case .duplicateIdentity: duplicateIdentity
        case .duplicateHardware: duplicateHardware
        case .machineChanged: machineChanged
        case .clockSkew: clockSkew
        case .versionUnsupported: versionUnsupported
        case .certificateExpiring: certificateExpiring
        case .serverCertificateExpiring: serverCertificateExpiring
        case .duplicateServer: duplicateServer
        case .certificateExpired: certificateExpired
        case .certificateNotYetValid: certificateNotYetValid
        case .certificateRevoked: certificateRevoked
        case .certificateSuperseded: certificateSuperseded
        case .certificateUntrusted: certificateUntrusted
        case .certificateMissing: certificateMissing
        case .serverNotTrusted: serverNotTrusted
        case .tlsVersionUnsupported: tlsVersionUnsupported
        case .handshakeBroken: handshakeBroken
        case .wrongPassphrase: wrongPassphrase
        case .registrationRefused: registrationRefused
        }
    }
}
