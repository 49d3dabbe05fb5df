internal import AgentClient
public import CertificateAuthority
public import Foundation
internal import SecureTransport

/// Certificates of a simulated fleet, made in memory: nothing of it touches the disk, and the server cannot tell them
/// from real ones. All nodes share one key, which saves most of the time and makes no difference to the server.
public struct FleetCertificates: Sendable {
    /// Credentials of each node, in the fleet's order.
    let credentials: [ClientCredentials]

    /// Issues for all nodes. `progress` hears how many are done, at each thousand.
    /// - Throws: `CertificateAuthorityError` or `ClientError.badIdentity`.
    public init(
        for fleet: SimulatedFleet, from authority: CertificateAuthority, at now: Date,
        progress: (_ done: Int) -> Void = { _ in }
    ) throws {
        let key = IdentityKey()
        let context = try TLSContext.client(
            servers: .authorities(pem: authority.certificatePEM, source: "the fleet's authority"))
        credentials = try fleet.nodes.map { node in
            let issued = try authority.issueNode(id: node.id, name: node.hostname, at: now, key: key)
            let identity = try TLSIdentity(
                certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM, source: node.hostname)
            if (node.index + 1).isMultiple(of: 1000) { progress(node.index + 1) }
            return ClientCredentials(context: context, identity: identity, fleet: authority.fleet)
        }
    }
}
