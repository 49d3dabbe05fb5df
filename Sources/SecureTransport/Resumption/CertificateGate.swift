internal import COpenSSL

/// Asks, each time somebody proves who it is, whether its certificate still counts: in a full handshake and in a resumed one.
/// Any thread.
public final class CertificateGate: Sendable {
    private let ask: @Sendable (PeerIdentity) -> String?

    /// A gate that asks `objection`: nil lets the peer in, a text says why its certificate was revoked.
    public init(objection: @escaping @Sendable (PeerIdentity) -> String?) { ask = objection }

    /// Why this peer's certificate was revoked; nil if it was not.
    public func objection(to peer: PeerIdentity) -> String? { ask(peer) }

    // MARK: for TLSSession

    /// Has a server's context ask this gate. The context keeps it until its last connection is gone.
    func install(on context: OpaquePointer) {
        unsafe _ = SSL_CTX_set_ex_data(context, Self.place, Unmanaged.passRetained(self).toOpaque())
    }

    /// What speaks against a client's certificate that was found good otherwise. One that passes and is a node's gets a ticket.
    static func judge(_ certificate: OpaquePointer, on ssl: OpaquePointer) -> String? {
        guard let context = unsafe SSL_get_SSL_CTX(ssl), let data = unsafe SSL_CTX_get_ex_data(context, place),
            let peer = unsafe CertificateReader.identity(of: certificate)
        else { return nil }
        let gate = unsafe Unmanaged<CertificateGate>.fromOpaque(data).takeUnretainedValue()
        if let objection = gate.objection(to: peer) { return objection }
        if case .node = peer.kind { unsafe Resumption.offerTicket(on: ssl) }
        return nil
    }

    private static let place: Int32 = unsafe rollcall_ctx_ex_index { _, object, _, _, _, _ in
        guard let object = unsafe object else { return }
        unsafe Unmanaged<CertificateGate>.fromOpaque(object).release()
    }
}
