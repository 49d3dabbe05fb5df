// The core and its store with a million nodes, without sockets: one line a figure.
//
//     swift run -c release CoreScale [nodes] [directory] [pages|heartbeats|loss|detection|site|registrations …]

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let directory = CommandLine.arguments.dropFirst(2).first ?? "/tmp/rollcall-core-scale"
do {
    try CoreScale(nodes: count, directory: directory, parts: Set(CommandLine.arguments.dropFirst(3))).run()
} catch {
    print("core-scale: \(error)")
}
