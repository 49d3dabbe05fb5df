public import SwiftProtobuf

/// Puts messages into frames.
public enum FrameEncoder {
    /// The message in a frame of its own.
    public static func frame(_ message: some Message) -> [UInt8] {
        // Serialising fails only for missing required fields, which proto3 does not have, and beyond 2 GiB.
        let body: [UInt8] = (try? message.serializedBytes()) ?? []
        var frame: [UInt8] = []
        frame.reserveCapacity(FrameLimits.headerBytes + body.count)
        frame.append(0)
        withUnsafeBytes(of: UInt32(body.count).bigEndian) { frame.append(contentsOf: $0) }
        frame.append(contentsOf: body)
        return frame
    }
}
