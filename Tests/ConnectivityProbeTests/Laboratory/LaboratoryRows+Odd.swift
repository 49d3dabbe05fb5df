/// Networks and servers that are broken in ways that nobody plans for.
extension LaboratoryRows {
    static let odd = [
        LaboratoryRow(
            testDescription: "a path that loses half of the packets", verdict: .heavyLoss, orElse: [.lossy],
            breaking: "network; rollcall_server; forward 'numgen random mod 100 < 50 drop'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a path that loses a third of the packets, on the way back only", verdict: .lossy,
            orElse: [.heavyLoss],
            breaking: "network; rollcall_server; forward 'ip saddr 10.77.2.2 numgen random mod 100 < 30 drop'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a firewall that lets the first packets pass, and no more", verdict: .pingUnanswered,
            breaking: """
                network; rollcall_server; forward 'ip daddr 10.77.2.2 tcp dport 443 ct original packets > 3 drop'
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a firewall that drops the way back", verdict: .filtered,
            breaking: "network; rollcall_server; forward 'ip saddr 10.77.2.2 tcp sport 443 drop'",
            saying: ["pings arrive"]),
        LaboratoryRow(
            testDescription: "a load balancer that resets once it has read the greeting", verdict: .resetInHandshake,
            breaking: """
                network; python_server <<'END'
                import struct
                def serve(c):
                    c.recv(9999); c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()
                END
                """),
        LaboratoryRow(
            testDescription: "a load balancer that hangs up once it has read the greeting", verdict: .closedInHandshake,
            breaking: "network; python_server <<< 'def serve(c): c.recv(9999); c.close()'"),
        LaboratoryRow(
            testDescription: "a TLS server that speaks HTTP/2 only", verdict: .notRollcall,
            breaking: "network; tls_server -alpn h2"),
        LaboratoryRow(
            testDescription: "a port that is redirected to another server", verdict: .notTLS,
            breaking: """
                network; rollcall_server
                where=$router python_server 4433 <<< 'def serve(c): c.sendall(b"SSH-2.0-x\\r\\n"); time.sleep(9)'
                rule $router nat prerouting 'tcp dport 443 redirect to :4433'
                """, saying: ["an SSH server"]),
        LaboratoryRow(
            testDescription: "routers that send packets in circles", verdict: .unreachable,
            breaking: """
                network; ip -n $router route add 10.99.0.0/24 via 10.77.2.2; at $server sysctl -qw net.ipv4.ip_forward=1
                """, probing: "10.99.0.7", saying: ["went in circles"]),
        LaboratoryRow(
            testDescription: "no IPv4 at all", verdict: .noRoute,
            breaking: "network ipv6; rollcall_server; ip -n $client addr flush dev eth0 scope global"),
        LaboratoryRow(
            testDescription: "a proxy that cannot reach the server", verdict: .proxyRefuses,
            breaking: """
                network; where=$router python_server 3128 <<< 'def serve(c): c.recv(999); \
                c.sendall(b"HTTP/1.1 502 Bad Gateway\\r\\n\\r\\n"); c.close()'
                """, probing: "10.77.2.2 --proxy 10.77.1.1:3128", saying: ["502 Bad Gateway"]),
        LaboratoryRow(
            testDescription: "a resolver that fails", verdict: .resolverFailed,
            breaking: "network; name_server fail", probing: "lab.example", saying: ["SERVFAIL"]),
        LaboratoryRow(
            testDescription: "a resolver that takes its time", verdict: .slowName,
            breaking: "network; rollcall_server; name_server 'slow lab.example=10.77.2.2'",
            probing: "lab.example --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a path on which every packet arrives twice", verdict: nil,
            breaking: """
                network; rollcall_server
                at $router nft 'add table ip twice; add chain ip twice all { type filter hook forward priority 0; }; \
                add rule ip twice all ip daddr 10.77.2.2 dup to 10.77.2.2 device east'
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a path that takes its time", verdict: .slowPing,
            breaking: """
                network; listen=10.77.2.2:444 rollcall_server; python_server <<'END'
                def serve(c):
                    u = socket.create_connection(("10.77.2.2", 444))
                    threading.Thread(target=pump, args=(u, c), daemon=True).start(); pump(c, u)
                def pump(a, b):
                    while True:
                        d = a.recv(99999)
                        if not d: b.shutdown(1); return
                        time.sleep(0.3); b.sendall(d)
                END
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "large IPv6 packets that vanish", verdict: .pathMTU,
            breaking: """
                network ipv6; rollcall_server --listen '[fd77:2::2]:443'; forward 'ip6 saddr fd77:2::2 meta length > 1300 drop'
                """, probing: "fd77:2::2", saying: ["packets of up to 1300 bytes pass"]),
        LaboratoryRow(
            testDescription: "a closed port, told in Traditional Chinese", verdict: .refused, breaking: "network",
            probing: "10.77.2.2 --lang zh-Hant", saying: ["連接埠 443 上沒有程式在接聽", "封包到得了：中間有 1 部路由器"]),
    ]
}
