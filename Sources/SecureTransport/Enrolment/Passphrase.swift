internal import COpenSSL
internal import Glibc

/// What is wrong with a passphrase, or with the file that a server keeps of it: the thing, the fact, the next step.
public enum PassphraseError: Error, Equatable, Sendable {
    /// A file cannot be read.
    case unreadable(String, String)
    /// Others than its owner may read it.
    case exposed(String, mode: UInt32)
    /// There is none in the file, or none was typed.
    case empty(String)
    /// Longer than `Passphrase.bytesMax`.
    case tooLong(String)
    /// Nobody can be asked: there is no terminal.
    case noTerminal
    /// What was typed the second time was something else.
    case differs
    /// Too easy to guess.
    case weak(String)
    /// The verifier's file is not what `rollcall pki passphrase` writes.
    case damagedVerifier(String)
    /// Memory or randomness is short.
    case outOfResources
}

extension PassphraseError: CustomStringConvertible {
    /// One line for a person.
    public var description: String {
        switch self {
        case .unreadable(let path, let why): "Cannot read the passphrase in \(path): \(why)."
        case .exposed(let path, let mode):
            "\(path) holds a passphrase that others may read (mode \(String(mode, radix: 8))). Type: chmod 600 \(path)"
        case .empty(let source): "There is no passphrase in \(source)."
        case .tooLong(let source): "The passphrase in \(source) is longer than \(Passphrase.bytesMax) bytes."
        case .noTerminal:
            "There is no terminal to ask for the passphrase: give --passphrase-file PATH, or - for standard input."
        case .differs: "The two passphrases differ; nothing was changed."
        case .weak(let why):
            "This passphrase is too easy to guess: \(why). Leave it to --generate, or take a longer one."
        case .damagedVerifier(let path):
            "\(path) is no passphrase verifier of this version: make it anew with rollcall pki passphrase --force."
        case .outOfResources: "Not enough memory or randomness to work with the passphrase."
        }
    }
}

/// The fleet's passphrase, in memory that is wiped. Its bytes count as they are (UTF-8, not normalised): keep to ASCII where
/// it is typed on different keyboards.
public struct Passphrase: Sendable {
    let bytes: SecretBytes

    /// Longest passphrase.
    public static let bytesMax = 256
    /// A passphrase that people choose has at least so many bytes. The server takes one guess in five seconds in the long run
    /// (`GuessLimit`), so this is for the day on which the verifier is stolen.
    static let bytesMin = 16
    static let differentBytesMin = 8
    /// 32 characters that are not mistaken for each other.
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

    /// These bytes.
    public init(_ text: some StringProtocol) { bytes = SecretBytes(Array(text.utf8)) }

    private init(_ bytes: SecretBytes) { self.bytes = bytes }

    /// The first line of a file; "-" is standard input. A file that others may read is refused.
    /// - Throws: `PassphraseError`.
    public init(file path: String) throws(PassphraseError) {
        let isInput = path == "-"
        let source = isInput ? "standard input" : path
        let descriptor = isInput ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path, unsafe String(cString: strerror(errno))) }
        defer { if !isInput { close(descriptor) } }
        var status = stat()
        if unsafe !isInput && fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o077 != 0
        {
            throw .exposed(path, mode: status.st_mode & 0o777)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bytesMax + 2, alignment: 1)
        defer {
            unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            unsafe buffer.deallocate()
        }
        var count = 0
        while count < buffer.count {
            let got = unsafe read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            guard got >= 0 else { throw .unreadable(source, unsafe String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
            if unsafe buffer[..<count].contains(UInt8(ascii: "\n")) { break }
        }
        var line = unsafe buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }
        if unsafe line.last == UInt8(ascii: "\r") { unsafe line = unsafe line.dropLast() }
        guard unsafe !line.isEmpty else { throw .empty(source) }
        guard unsafe line.count <= Self.bytesMax else { throw .tooLong(source) }
        self.init(unsafe SecretBytes(line))
    }

    /// Asks at the terminal, without showing what is typed; twice, if it is a new one.
    /// - Throws: `PassphraseError`.
    public init(asking prompt: String, twice: Bool = false) throws(PassphraseError) {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw .noTerminal }
        close(terminal)
        _ = RecordBufferPool.isInstalled
        let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Self.bytesMax + 1)
        unsafe buffer.initialize(repeating: 0)
        defer {
            unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            unsafe buffer.deallocate()
            ErrorQueue.clear()
        }
        guard unsafe EVP_read_pw_string(buffer.baseAddress, Int32(buffer.count), prompt, twice ? 1 : 0) == 0 else {
            throw twice ? .differs : .empty("what was typed")
        }
        let length = unsafe strlen(UnsafePointer(buffer.baseAddress!))
        guard length > 0 else { throw .empty("what was typed") }
        self.init(unsafe SecretBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<length])))
    }

    /// A new one of 125 random bits, and its text, to be shown once.
    /// - Throws: `PassphraseError.outOfResources`.
    public static func generate() throws(PassphraseError) -> (Passphrase, text: String) {
        _ = RecordBufferPool.isInstalled
        var random = [UInt8](repeating: 0, count: 25)
        guard unsafe RAND_priv_bytes(&random, Int32(random.count)) == 1 else { throw .outOfResources }
        let letters = random.map { alphabet[Int($0 & 31)] }
        let groups = stride(from: 0, to: 25, by: 5).map { String(decoding: letters[$0..<$0 + 5], as: UTF8.self) }
        let text = groups.joined(separator: "-")
        return (Passphrase(text), text)
    }

    /// Refuses a new passphrase that is too easy to guess.
    /// - Throws: `PassphraseError.weak`.
    public func checkStrength() throws(PassphraseError) {
        guard bytes.count >= Self.bytesMin else {
            throw .weak("it has \(bytes.count) bytes, and \(Self.bytesMin) are the least")
        }
        let different = unsafe bytes.withBytes { unsafe Set($0).count }
        guard different >= Self.differentBytesMin else {
            throw .weak("it is made of \(different) different characters, and \(Self.differentBytesMin) are the least")
        }
        guard unsafe bytes.withBytes({ unsafe $0.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }) else {
            throw .weak("it holds control characters, which cannot be typed")
        }
    }
}
