/// What a machine's firmware calls it, as Linux shows it in /sys/class/dmi/id. Makers leave much of it unfilled, and whole
/// series share it: that is no name.
enum HardwareID {
    /// Longest name of the protocol, in bytes.
    static let bytesMax = 128

    /// The first of these that names the machine: EC2's instance id (it is in the board's asset tag, which everybody may
    /// read), the product UUID, the maker and serial number. `text` reads a file of that directory.
    static func name(_ text: (String) -> String?) -> String? {
        if let instance = text("board_asset_tag")?.trimmed, isInstance(instance) { return instance }
        if let uuid = text("product_uuid").flatMap(usableUUID) { return uuid }
        guard let serial = text("product_serial")?.trimmed, isUsableSerial(serial),
            let maker = text("sys_vendor")?.trimmed, !maker.isEmpty
        else { return nil }
        return "\(maker) \(serial)".oneLine.cut(toBytes: bytesMax)
    }

    /// "i-" and 8 or 17 hexadecimal digits (Amazon EC2 User Guide, "Inspect the system asset tag").
    private static func isInstance(_ text: String) -> Bool {
        text.hasPrefix("i-") && [10, 19].contains(text.utf8.count) && text.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    /// The UUID in small letters, with its hyphens; nil if it is none, or a placeholder.
    static func usableUUID(_ text: String) -> String? {
        guard let bytes = HexID.bytes(of: text), text.trimmed.utf8.count == 36 else { return nil }
        // Zeros, ones, a pattern: a random UUID has no fewer than eight different bytes but once in a billion.
        guard Set(bytes).count >= 8 else { return nil }
        let uuid = text.trimmed.lowercased()
        return sharedUUIDs.contains(uuid) ? nil : uuid
    }

    /// UUIDs that makers gave to whole series, and steps of a counter (the lists of inventory software: GLPI, OCS).
    private static let sharedUUIDs: Set<String> = [
        "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009",
        "6ab5b300-538d-1014-9fb5-b0684d007b53", "00010203-0405-0607-0809-0a0b0c0d0e0f",
        "03d40274-0435-05dc-8506-010700080009", "12345678-1234-5678-90ab-cddeefaabbcc",
        "4c4c4544-0000-2010-8020-80c04f202020",
    ]

    private static func isUsableSerial(_ text: String) -> Bool {
        let plain = text.lowercased().filter { $0.isLetter || $0.isNumber }
        guard plain.count >= 5, Set(plain).count >= 3 else { return false }
        // "123456789", "0123456789", and what makers write where the number should be.
        return !"01234567890123456789".contains(plain) && !placeholders.contains(where: plain.contains)
    }

    private static let placeholders = [
        "tobefilled", "notset", "notspecified", "notapplicable", "notavailable", "notprovided", "default", "none",
        "unknow",
        "empty", "invalid", "serialnumber", "oemserial", "systemserial", "1234567890", "xxxxx", "chassis", "vmware0000",
    ]
}
