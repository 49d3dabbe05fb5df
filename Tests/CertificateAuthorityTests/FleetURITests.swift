import CertificateAuthority
import Foundation
import Testing

@Suite("Fleet URI")
struct FleetURITests {
    private static let id = "6f1c2c1e-0a52-4b7e-9a53-0d7c1f2a9b11"

    @Test(
        "each of the four forms reads back as it was written",
        arguments: [
            "rollcall://demo", "rollcall://demo/server", "rollcall://demo/node/\(id)", "rollcall://demo/operator/alice",
            "rollcall://\(String(repeating: "a", count: 63))",
        ])
    func roundTrip(text: String) {
        #expect(FleetURI(text)?.description == text)
    }

    @Test("a UUID in upper case is the same node")
    func upperCase() throws {
        let uuid = try #require(UUID(uuidString: Self.id))
        #expect(
            try FleetURI("rollcall://demo/node/\(Self.id.uppercased())") == FleetURI(fleet: "demo", holder: .node(uuid))
        )
    }

    @Test(
        "anything else is not one",
        arguments: [
            "", "rollcall:", "rollcall://", "rollcall:///server", "https://demo", "ROLLCALL://demo", "rollcall://Demo",
            "rollcall://demo/", "rollcall://demo/servers", "rollcall://demo/server/", "rollcall://demo/node",
            "rollcall://demo/node/", "rollcall://demo/node/\(id)/", "rollcall://demo/node/\(id)0",
            "rollcall://demo/node/\(id.dropLast())", "rollcall://demo/node/\(id.dropLast())g",
            "rollcall://demo/operator/",
            "rollcall://demo/operator/Alice", "rollcall://demo/operator/a/b", "rollcall://demo/operator/.hidden",
            "rollcall://de_mo", "rollcall://\(String(repeating: "a", count: 64))", " rollcall://demo",
            "rollcall://demo\0",
            "rollcall://demo/node/\(id.dropLast())\0", "rollcall://demo?x", "rollcall://dëmo",
        ])
    func refused(text: String) {
        #expect(FleetURI(text) == nil)
    }

    @Test("a name that breaks its rule is refused with the rule")
    func badNames() {
        #expect(throws: CertificateAuthorityError.badFleetName("Site A")) {
            try FleetURI(fleet: "Site A", holder: .server)
        }
        #expect(throws: CertificateAuthorityError.badOperatorName("a b")) {
            try FleetURI(fleet: "demo", holder: .operator("a b"))
        }
        #expect(CertificateAuthorityError.badFleetName("Site A").description.contains("a-z, 0-9 and -"))
    }
}
