/// Servers that are there, and in no state to take anybody in.
extension LaboratoryRows {
    static let limits = [
        LaboratoryRow(
            testDescription: "a server at its limit of strangers", verdict: .atLimit,
            breaking: "network; rollcall_server --max-unauthenticated 1; guest",
            saying: ["1 connections have not proven who they are, the limit (max-unauthenticated)"], isQuick: true),
        LaboratoryRow(
            testDescription: "a server at its limit of connections", verdict: .atLimit,
            breaking: "network; rollcall_server --max-connections 1; guest", probing: "10.77.2.2 --identity $IDENTITY",
            saying: ["1 connections are open, the limit (max-connections)"]),
        LaboratoryRow(
            testDescription: "a server that drains", verdict: .draining,
            breaking:
                "network; rollcall_server --drain-for 60s; until_says ready:; kill -TERM ${pids[-1]}; until_says stopping:",
            probing: "10.77.2.2 --identity $IDENTITY", saying: ["draining: about to stop"], isQuick: true),
        LaboratoryRow(
            testDescription: "a server that drains, asked by a stranger", verdict: .draining,
            breaking:
                "network; rollcall_server --drain-for 60s; until_says ready:; kill -TERM ${pids[-1]}; until_says stopping:",
            saying: ["draining: about to stop"]),
        LaboratoryRow(
            testDescription: "a server that stands still", verdict: .silentAfterConnect,
            breaking: "network; rollcall_server; kill -STOP ${pids[-1]}",
            saying: ["confirmed the TLS greeting"]),
        LaboratoryRow(
            testDescription: "a server whose disk is full", verdict: .readOnly,
            breaking: """
                network; small_disk; rollcall_server; fill_disk
                ip netns exec $client "$ROLLCALL" agent --server 10.77.2.2 --identity "$IDENTITY" >>"$dir/agent" 2>&1 &
                pids+=($!); until_says 'cannot be written'
                """, probing: "10.77.2.2 --identity $IDENTITY", saying: ["its registry cannot be written"]),
        LaboratoryRow(
            testDescription: "the operators' socket, passed on to the port", verdict: .notTLS,
            breaking: """
                network; listen=10.77.2.2:444 rollcall_server; python_server <<END
                def serve(c):
                    u = socket.socket(socket.AF_UNIX); u.connect("$dir/data/rollcall.sock")
                    threading.Thread(target=pump, args=(u, c), daemon=True).start(); pump(c, u)
                def pump(a, b):
                    while True:
                        d = a.recv(9999)
                        if not d: b.shutdown(1); return
                        b.sendall(d)
                END
                """),
    ]
}
