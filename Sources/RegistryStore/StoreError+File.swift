import Foundation

extension StoreError {
    /// What Foundation said about a file, as our error.
    init(fileError error: any Error, path: String, operation: String) {
        let trouble = error as? CocoaError
        let reason: Reason =
            switch trouble?.code {
            case .fileWriteOutOfSpace?: .diskFull
            case .fileWriteVolumeReadOnly?: .readOnly
            case .fileWriteNoPermission?, .fileReadNoPermission?: .notPermitted
            default: .other
            }
        let system = trouble?.underlying as? POSIXError
        let said = reason == .other ? (system.map { "\($0.code)" } ?? error.localizedDescription) : ""
        self.init(reason, path: path, operation: operation, message: said)
    }
}
