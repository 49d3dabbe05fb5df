extension Registration {
    /// The registration with defaults filled in and harmless blemishes mended, if nothing in it is out of bounds.
    /// - Throws: the first thing that is wrong, by field.
    func checked() throws(RegistrationRefusal) -> Registration {
        guard id != NodeID(high: 0, low: 0) else {
            throw .missing(field: "the node's id (its certificate has only zeros)")
        }
        var checked = self
        if checked.facts.site.isEmpty { checked.facts.site = "default" }
        if checked.components.isEmpty { checked.components = [.standard(for: facts.role)] }
        checked.components = ComponentKind.allCases.filter(checked.components.contains)
        checked.facts = try checked.facts.checked()
        // An agent beside the server needs no network.
        if !facts.addresses.isEmpty, !facts.addresses.contains(where: UsableAddress.isUsable),
            !UsableAddress.isLoopback(Attempt.host(of: connection.peerAddress))
        {
            throw .noUsableAddress(given: facts.addresses)
        }
        checked.services = try services.checked()
        return checked
    }
}

extension NodeFacts {
    fileprivate func checked() throws(RegistrationRefusal) -> NodeFacts {
        guard !hostname.isEmpty else { throw .missing(field: "hostname") }
        try check("hostname", hostname, RegistryLimits.hostnameBytesMax)
        if let odd = hostname.unicodeScalars.first(where: { !mayStandInName($0) }) {
            throw .malformed(
                field: "hostname",
                why:
                    "\"\(hostname)\" has \"\(odd)\", which no host name has; use letters, digits, \"-\", \"_\" and \".\""
            )
        }
        try check("os_version", osVersion, RegistryLimits.osVersionBytesMax)
        try check("agent_version", agentVersion, RegistryLimits.agentVersionBytesMax)
        try check("site", site, RegistryLimits.siteBytesMax)
        try check("process_server", processServer, RegistryLimits.hostnameBytesMax)
        try check("machine_id", machineID, RegistryLimits.machineIDBytesMax)
        try check("hardware_id", hardware.id, RegistryLimits.hardwareIDBytesMax)
        guard hardware.networkCards.count <= RegistryLimits.networkCardsPerNodeMax else {
            throw .tooMany(
                field: "network_cards", count: hardware.networkCards.count,
                countMax: RegistryLimits.networkCardsPerNodeMax)
        }
        guard bootID.isEmpty || bootID.count == RegistryLimits.bootIDBytes else {
            throw .malformed(field: "boot_id", why: "has \(bootID.count) bytes; send 16, or none where it is unknown")
        }
        guard addresses.count <= RegistryLimits.addressesPerNodeMax else {
            throw .tooMany(
                field: "addresses", count: addresses.count, countMax: RegistryLimits.addressesPerNodeMax)
        }
        for address in addresses { try check("addresses", address, RegistryLimits.addressBytesMax) }
        return self
    }
}

extension [ServiceReport] {
    /// The reports, if there are not too many, none has a name too long, and no two have one name.
    /// - Throws: the first thing that is wrong.
    func checked() throws(RegistrationRefusal) -> [ServiceReport] {
        guard count <= RegistryLimits.servicesPerNodeMax else {
            throw .tooMany(field: "services", count: count, countMax: RegistryLimits.servicesPerNodeMax)
        }
        var names: Set<String> = []
        var checked: [ServiceReport] = []
        for var report in self {
            guard !report.name.isEmpty else { throw .missing(field: "services.name") }
            try check("services.name", report.name, RegistryLimits.serviceNameBytesMax)
            try check("services.unit", report.unit, RegistryLimits.serviceUnitBytesMax)
            // What a watcher saw may come from anywhere: made harmless, not refused.
            if hasControl(report.detail) {
                report.detail = String(
                    String.UnicodeScalarView(report.detail.unicodeScalars.map { isControl($0) ? " " : $0 }))
            }
            try check("services.detail", report.detail, RegistryLimits.serviceDetailBytesMax)
            guard names.insert(report.name).inserted else { throw .duplicateService(name: report.name) }
            checked.append(report)
        }
        return checked
    }
}

/// Texts from a peer are shown on terminals and in logs: of bounded length, and nothing that moves a cursor.
private func check(_ field: String, _ text: String, _ bytesMax: Int) throws(RegistrationRefusal) {
    guard text.utf8.count <= bytesMax else {
        throw .tooLong(field: field, bytes: text.utf8.count, bytesMax: bytesMax)
    }
    guard !hasControl(text) else {
        throw .malformed(field: field, why: "holds a control character; remove it")
    }
}

/// Names are put into commands that people copy into a root shell.
private func mayStandInName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "-" || scalar == "_" || scalar == "." || scalar.properties.isAlphabetic
        || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
}

/// Letters of ASCII are told by their bytes: nearly every text has no others.
private func hasControl(_ text: String) -> Bool {
    guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return false }
    return text.unicodeScalars.contains(where: isControl)
}

/// C0, DEL and C1, line and paragraph separators, and marks that turn the direction of writing around.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
