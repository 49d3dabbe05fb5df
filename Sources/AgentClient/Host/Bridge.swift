import Foundation

/// A bridge of Linux, as /sys/class/net shows it: a switch inside the machine. Containers and virtual machines hang on
/// those of Docker and libvirt, and nobody else; one that a network card belongs to is the machine's own way out.
struct Bridge {
    let name: String
    /// Where the files lie: "" but for tests.
    let root: String

    /// Whether this is a bridge that no network card belongs to: others cannot reach its address.
    var isInner: Bool {
        let path = "\(root)/sys/class/net/\(name)"
        guard FileManager.default.fileExists(atPath: path + "/bridge") else { return false }
        let ports = (try? FileManager.default.contentsOfDirectory(atPath: path + "/brif")) ?? []
        // A bond, a VLAN or a tunnel has no device itself; a container's or a virtual machine's port is "veth" or "tun".
        return ports.allSatisfy { port in
            ["veth", "vnet", "tap"].contains(where: port.hasPrefix)
                && !FileManager.default.fileExists(atPath: "\(root)/sys/class/net/\(port)/device")
        }
    }
}
