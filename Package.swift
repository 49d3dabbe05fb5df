// swift-tools-version: 6.2
//
// Targets stand in the order in which a heartbeat meets them: socket, TLS, message, registry, store, operator.
// Arrows point only downwards in docs/ARCHITECTURE.md's picture; `TidyTests` compares the imports with this file.

import PackageDescription

/// On for every target: unsafe code does not compile unless the line says `unsafe`, and imports are internal
/// unless they say otherwise, so that C types do not leak out of the target that owns them.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatWarning("StrictMemorySafety", as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// For code that a generator wrote (its storage classes are unsafe in its own eyes) and for tests.
let relaxed: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "rollcall",
    products: [
        .executable(name: "rollcall", targets: ["rollcall"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // MARK: bytes and time arrive
        .systemLibrary(name: "CLibUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .target(
            name: "EventLoop",
            dependencies: ["CLibUV"],
            swiftSettings: strict),

        // MARK: bytes become an identified peer's bytes
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "SecureTransport",
            dependencies: ["EventLoop", "COpenSSL"],
            swiftSettings: strict),

        // MARK: bytes become messages
        .target(
            name: "RollcallProtocol",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: relaxed),

        // MARK: what an error says
        .target(name: "ErrorCatalogue", swiftSettings: strict),

        // MARK: what is true
        .target(
            name: "Registry",
            dependencies: ["ErrorCatalogue", .product(name: "Collections", package: "swift-collections")],
            swiftSettings: strict),

        // MARK: how well it is judged
        .target(name: "DetectorQuality", dependencies: ["Registry"], swiftSettings: strict),
        .executableTarget(
            name: "detectors",
            dependencies: ["DetectorQuality", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),

        // MARK: what survives
        .target(
            name: "RegistryStore",
            dependencies: ["ErrorCatalogue", "Registry", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),

        // MARK: who may come in
        .target(
            name: "CertificateAuthority",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict),

        // MARK: the shell that joins them
        .target(
            name: "ConfigurationServer",
            dependencies: [
                "CertificateAuthority", "ErrorCatalogue", "EventLoop", "Registry", "RegistryStore",
                "RollcallProtocol", "SecureTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),

        // MARK: the other end of the wire
        .target(
            name: "AgentClient",
            dependencies: [
                "CertificateAuthority", "EventLoop", "RollcallProtocol", "SecureTransport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "FleetSimulator",
            dependencies: [
                "AgentClient", "CertificateAuthority", "ConfigurationServer", "ErrorCatalogue", "EventLoop", "Registry",
                "RollcallProtocol", "SecureTransport",
                .product(name: "Collections", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "ConnectivityProbe",
            dependencies: [
                "AgentClient", "ErrorCatalogue", "EventLoop", "RollcallProtocol", "SecureTransport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict),

        // MARK: what a person sees
        .target(
            name: "Dashboard",
            dependencies: ["AgentClient", "ErrorCatalogue", "Registry", "RollcallProtocol"],
            swiftSettings: strict),

        // MARK: what a person types
        .executableTarget(
            name: "rollcall",
            dependencies: [
                "AgentClient", "CertificateAuthority", "ConfigurationServer", "ConnectivityProbe", "Dashboard",
                "ErrorCatalogue", "EventLoop", "FleetSimulator", "RollcallProtocol", "SecureTransport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        // MARK: what a heartbeat costs, counted
        .executableTarget(
            name: "MicroBenchmarks", dependencies: ["EventLoop", "Registry", "RollcallProtocol"],
            path: "Benchmarks/Micro",
            swiftSettings: relaxed),

        // MARK: what a million nodes cost
        .executableTarget(
            name: "CoreScale", dependencies: ["Registry", "RegistryStore"], path: "Benchmarks/CoreScale",
            swiftSettings: relaxed),

        // MARK: tests mirror the targets; TestSupport is what they share
        .target(
            name: "TestSupport", dependencies: ["EventLoop"], path: "Tests/TestSupport", swiftSettings: relaxed),
        .target(
            name: "TestServer",
            dependencies: [
                "CertificateAuthority", "EventLoop", "RollcallProtocol", "SecureTransport", "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            path: "Tests/TestServer", swiftSettings: relaxed),
        .testTarget(
            name: "EventLoopTests",
            dependencies: [
                "EventLoop",
                "TestSupport",
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "SecureTransportTests",
            dependencies: [
                "COpenSSL",
                "EventLoop",
                "SecureTransport",
                "CertificateAuthority",
                "TestSupport",
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "RollcallProtocolTests",
            dependencies: [
                "RollcallProtocol",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "ErrorCatalogue",
                "FleetSimulator",
                "Registry",
                "TestSupport",
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "RegistryStoreTests",
            dependencies: [
                "ErrorCatalogue",
                "Registry",
                "RegistryStore",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "CertificateAuthorityTests",
            dependencies: [
                "CertificateAuthority",
                "TestSupport",
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "ConfigurationServerTests",
            dependencies: [
                "ConfigurationServer",
                "CertificateAuthority",
                "EventLoop",
                "Registry",
                "RegistryStore",
                "RollcallProtocol",
                "SecureTransport",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "AgentClientTests",
            dependencies: [
                "AgentClient",
                "CertificateAuthority",
                "EventLoop",
                "RollcallProtocol",
                "SecureTransport",
                "TestServer",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "FleetSimulatorTests",
            dependencies: [
                "AgentClient",
                "CertificateAuthority",
                "EventLoop",
                "FleetSimulator",
                "RollcallProtocol",
                "SecureTransport",
                "TestServer",
                "TestSupport",
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "ConnectivityProbeTests",
            dependencies: [
                "rollcall",
                "AgentClient",
                "CertificateAuthority",
                "ConnectivityProbe",
                "ErrorCatalogue",
                "EventLoop",
                "RollcallProtocol",
                "SecureTransport",
                "TestServer",
                "TestSupport",
            ],
            exclude: ["Laboratory/laboratory.sh"],
            swiftSettings: relaxed),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard",
                "ErrorCatalogue",
                "Registry",
                "RollcallProtocol",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Golden"],
            swiftSettings: relaxed),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "AgentClient",
                "ConnectivityProbe",
                "Dashboard",
                "ErrorCatalogue",
                "EventLoop",
                "rollcall",
                "RollcallProtocol",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Golden"],
            swiftSettings: relaxed),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "rollcall",
                "CertificateAuthority",
                "EventLoop",
                "RollcallProtocol",
                "SecureTransport",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["foreign_agent.py", "foreign_enrolment.py"],
            swiftSettings: relaxed),
        .testTarget(
            name: "BenchmarkTests",
            dependencies: [
                "MicroBenchmarks",
                "TestSupport",
            ],
            swiftSettings: relaxed),
        .testTarget(
            name: "TidyTests",
            dependencies: [
                "RollcallProtocol",
                "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: relaxed),
    ],
    swiftLanguageModes: [.v6]
)
