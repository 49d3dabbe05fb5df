import Testing

@testable import SecureTransport

/// RFC 8448 section 3: the traffic secrets of a traced handshake, the keys made from them, and the records that followed.
@Suite("Records of RFC 8448")
struct RecordVectorTests {
    static let clientSecret = hex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5")
    static let serverSecret = hex("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643")
    static let payload = (0..<50).map { UInt8($0) }
    static let clientData = hex(
        """
        1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292\
        a2977014bd1e3deae63aeebb21694915e4
        """)
    static let serverData = hex(
        """
        17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8fcc49c4bf2e5f0\
        a21c0047c2abf332540dd032e167c2955d
        """)
    static let clientGoodbye = hex("1703030013c9872760655666b74d7ff1153efd6db6d0b0e3")
    static let serverGoodbye = hex("1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9")

    @Test("are opened and sealed byte for byte, by the server that sent one ticket before")
    func trace() throws {
        var made = try #require(RecordCiphers())
        defer { made.free() }
        let layer = UnsafeMutablePointer<RecordLayer>.allocate(capacity: 1)
        layer.initialize(to: RecordLayer(suite: .aes128GCM))
        defer {
            layer.pointee.end(&made)
            layer.deinitialize(count: 1)
            layer.deallocate()
        }
        let began = Self.clientSecret.withUnsafeBytes { client in
            Self.serverSecret.withUnsafeBytes { server in
                layer.pointee.begin(receiving: client, received: 0, sending: server, sent: 1, &made)
            }
        }
        #expect(began)
        var plain = [UInt8](repeating: 0, count: RecordLayer.ciphertextBytesMax)
        var output = [UInt8](repeating: 0, count: 1000)

        let first = read(layer, &made, Self.clientData, &plain)
        #expect(first == .data(50))
        #expect(Array(plain[..<50]) == Self.payload)

        let sealed = output.withUnsafeMutableBytes { output in
            Self.payload.withUnsafeBytes { layer.pointee.write($0, into: output, &made) }
        }
        #expect(sealed?.taken == 50)
        #expect(Array(output[..<(sealed?.written ?? 0)]) == Self.serverData)

        let second = read(layer, &made, Self.clientGoodbye, &plain)
        #expect(second == .closed)
        let goodbye = output.withUnsafeMutableBytes { layer.pointee.sayGoodbye(into: $0, &made) }
        #expect(Array(output[..<goodbye]) == Self.serverGoodbye)
    }

    private func read(
        _ layer: UnsafeMutablePointer<RecordLayer>, _ ciphers: inout RecordCiphers, _ bytes: [UInt8],
        _ plain: inout [UInt8]
    ) -> RecordLayer.Event {
        plain.withUnsafeMutableBufferPointer { plain in
            bytes.withUnsafeBytes { raw in
                var input = raw
                return layer.pointee.read(&input, into: plain.baseAddress!, &ciphers)
            }
        }
    }
}

/// Bytes written in hexadecimal.
func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
        guard let digit = character.hexDigitValue else { continue }
        if let first = high {
            bytes.append(first << 4 | UInt8(digit))
            high = nil
        } else {
            high = UInt8(digit)
        }
    }
    return bytes
}
