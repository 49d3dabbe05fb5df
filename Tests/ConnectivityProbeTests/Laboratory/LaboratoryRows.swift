/// The laboratory's broken networks. Each stands for one that people meet.
enum LaboratoryRows {
    static let all = ways + names + sizes + servers + certificates + limits + odd

    static let ways = [
        LaboratoryRow(
            testDescription: "a path that works", verdict: nil, breaking: "network; rollcall_server",
            probing: "10.77.2.2 --identity $IDENTITY", saying: ["takes registrations", "10.77.1.2"], isQuick: true),
        LaboratoryRow(
            testDescription: "a closed port", verdict: .refused, breaking: "network", saying: ["packets arrive"],
            isQuick: true),
        LaboratoryRow(
            testDescription: "a router that drops the packets", verdict: .filtered,
            breaking: "network; forward 'tcp dport 443 drop'",
            saying: ["packets get as far as 10.77.1.1 (hop 1), and no further; pings arrive"], isQuick: true),
        LaboratoryRow(
            testDescription: "a machine that is behind a rule and off", verdict: .filtered,
            breaking: "network; forward 'drop'", saying: ["packets get as far as 10.77.1.1"]),
        LaboratoryRow(
            testDescription: "a firewall that rejects with a reset", verdict: .refusedOnTheWay,
            breaking: "network; forward 'tcp dport 443 reject with tcp reset'", isQuick: true),
        LaboratoryRow(
            testDescription: "a firewall that rejects with ICMP", verdict: .rejected,
            breaking: "network; forward 'tcp dport 443 reject with icmpx type admin-prohibited'",
            saying: ["10.77.1.1 reports"], isQuick: true),
        LaboratoryRow(
            testDescription: "a firewall on the machine itself that rejects as a closed port does", verdict: .rejected,
            breaking: "network; rule $server filter input 'tcp dport 443 reject'", saying: ["10.77.2.2 itself reports"]),
        LaboratoryRow(
            testDescription: "a router that knows no way", verdict: .unreachable,
            breaking: "network", probing: "10.99.0.1", saying: ["10.77.1.1 reports that it knows no way"],
            isQuick: true),
        LaboratoryRow(
            testDescription: "a machine that is off, behind a router", verdict: .unreachable, orElse: [.filtered],
            breaking: "network", probing: "10.77.2.99", saying: ["10.77.1.1"]),
        LaboratoryRow(
            testDescription: "a gateway that is off", verdict: .noNeighbour,
            breaking: "network; ip -n $router link set west down; ip -n $router addr flush dev west",
            saying: ["10.77.1.1, the gateway to 10.77.2.2"]),
        LaboratoryRow(
            testDescription: "a gateway that passes nothing on", verdict: .filtered,
            breaking: "network; at $router sysctl -qw net.ipv4.ip_forward=0",
            saying: ["the gateway 10.77.1.1 takes the packets, and nothing beyond it answers"]),
        LaboratoryRow(
            testDescription: "a machine of the same network that is off", verdict: .noNeighbour, breaking: "network",
            probing: "10.77.1.77"),
        LaboratoryRow(
            testDescription: "no route", verdict: .noRoute,
            breaking: "network; ip -n $client route del default", isQuick: true),
        LaboratoryRow(
            testDescription: "an interface that is down", verdict: .interfaceDown,
            breaking: "network; ip -n $client link set eth0 down", saying: ["eth0 is down"], isQuick: true),
        LaboratoryRow(
            testDescription: "a route into the void", verdict: .noRoute,
            breaking: "network; ip -n $client route add blackhole 10.77.2.0/24", saying: ["blackhole"]),
        LaboratoryRow(
            testDescription: "a route that forbids", verdict: .forbiddenHere,
            breaking: "network; ip -n $client route add prohibit 10.77.2.0/24"),
        LaboratoryRow(
            testDescription: "a route to the wrong gateway", verdict: .noNeighbour, orElse: [.filtered],
            breaking: "network; ip -n $client route replace default via 10.77.1.9"),
        LaboratoryRow(
            testDescription: "a rule of this machine against it", verdict: .filtered,
            breaking: "network; rule $client filter output 'tcp dport 443 drop'",
            saying: ["may not leave this machine at all"]),
        LaboratoryRow(
            testDescription: "a path that loses 20 % of the packets", verdict: .lossy,
            breaking: "network; rollcall_server; forward 'numgen random mod 100 < 20 drop'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a VPN that is up here and leads nowhere", verdict: .filtered,
            breaking: """
                network; at $client ip tuntap add wg0 mode tun; ip -n $client addr add 10.9.9.1/24 dev wg0
                ip -n $client link set wg0 up; ip -n $client route add 10.77.2.0/24 dev wg0
                """, saying: ["by wg0 (a VPN or tunnel)"]),
        LaboratoryRow(
            testDescription: "a firewall that forgets the connection", verdict: .stalledAfterConnect,
            breaking: """
                network; rollcall_server; forward 'ip daddr 10.77.2.2 tcp dport 443 tcp flags & syn != syn meta length > 60 drop'
                """),
        LaboratoryRow(
            testDescription: "a firewall that forgets connections after three quiet seconds", verdict: .idleLimit,
            breaking: """
                network; rollcall_server
                forward 'ct state invalid drop; ct state new tcp flags & (syn|ack) != syn drop'
                at $router sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0 \\
                    net.netfilter.nf_conntrack_tcp_timeout_established=3
                """, probing: "10.77.2.2 --identity $IDENTITY --idle-test --idle-max 8s",
            saying: ["a pause of 2.0 s is survived, after 4.0 s the connection is dead"], mayTakeLong: true),
        LaboratoryRow(
            testDescription: "a NAT on the way", verdict: nil,
            breaking: "network; rollcall_server; rule $router nat postrouting 'oifname \"east\" masquerade'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem", saying: ["the server sees 10.77.2.1", "NAT"]),
    ]

    static let names = [
        LaboratoryRow(
            testDescription: "a name that does not exist", verdict: .nameNotFound,
            breaking: "network; name_server 'lab.example=10.77.2.2'", probing: "nowhere.example",
            saying: ["NXDOMAIN"], isQuick: true),
        LaboratoryRow(
            testDescription: "a resolver that is dead", verdict: .resolverSilent,
            breaking: "network; forward 'udp dport 53 drop'", probing: "lab.example",
            saying: ["10.77.2.2 does not answer"]),
        LaboratoryRow(
            testDescription: "two resolvers of which the first does not know the name", verdict: .resolversDisagree,
            breaking: """
                network; name_server 'other.example=10.77.2.2'; ip -n $server addr add 10.77.2.3/24 dev eth0
                name_server 'lab.example=10.77.2.2' 10.77.2.3; resolver 10.77.2.2 10.77.2.3
                """, probing: "lab.example", saying: ["NXDOMAIN", "10.77.2.3 says 10.77.2.2"]),
        LaboratoryRow(
            testDescription: "a resolver that makes addresses up", verdict: .resolverLies,
            breaking: "network; name_server '*=10.77.2.77'; ip -n $server addr add 10.77.2.77/24 dev eth0",
            probing: "lab.example", saying: ["for a name that cannot exist"]),
        LaboratoryRow(
            testDescription: "an old line in /etc/hosts", verdict: .hostsMismatch,
            breaking: """
                network; rollcall_server; name_server 'lab.example=10.77.2.2'; hosts '10.77.2.1 lab.example'
                """, probing: "lab.example", saying: ["/etc/hosts says 10.77.2.1"]),
        LaboratoryRow(
            testDescription: "IPv6 that is advertised and broken", verdict: .ipv6Broken,
            breaking: """
                network ipv6; rollcall_server --listen '[fd77:2::2]:443'; name_server 'lab.example=10.77.2.2 lab.example=fd77:2::2'
                forward 'ip6 daddr fd77:2::2 tcp dport 443 drop'
                """, probing: "lab.example --ca $PKI/pki/ca.pem"),
    ]

    static let sizes = [
        LaboratoryRow(
            testDescription: "large packets that vanish on the way to the client", verdict: .pathMTU,
            breaking: "network; rollcall_server; forward 'ip saddr 10.77.2.2 meta length > 1300 drop'",
            saying: ["packets of up to 1300 bytes pass", "the server received all of them and answered"], isQuick: true),
        LaboratoryRow(
            testDescription: "large packets that vanish on the way to the server", verdict: .pathMTU,
            breaking: "network; rollcall_server; forward 'ip daddr 10.77.2.2 meta length > 1400 drop'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem",
            saying: ["packets of up to 1400 bytes pass", "the server received"]),
        LaboratoryRow(
            testDescription: "a path that takes next to nothing", verdict: .pathMTU,
            breaking: "network; rollcall_server; forward 'meta length > 500 drop'",
            saying: ["packets of up to 500 bytes pass"]),
        LaboratoryRow(
            testDescription: "a link that takes less, and says so", verdict: nil,
            breaking: """
                network; rollcall_server
                ip -n $router route change 10.77.2.0/24 dev east src 10.77.2.1 mtu lock 1380
                ip -n $router route change 10.77.1.0/24 dev west src 10.77.1.1 mtu lock 1380
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a link that takes less, and whose word for it is dropped", verdict: .pathMTU,
            breaking: """
                network; rollcall_server
                ip -n $router route change 10.77.2.0/24 dev east src 10.77.2.1 mtu lock 1380
                ip -n $router route change 10.77.1.0/24 dev west src 10.77.1.1 mtu lock 1380
                rule $router filter output 'icmp type destination-unreachable drop'
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem", saying: ["packets of up to 1380 bytes pass"]),
    ]

    static let servers = [
        LaboratoryRow(
            testDescription: "SSH on the port", verdict: .notTLS,
            breaking: """
                network; python_server <<< 'def serve(c): c.sendall(b"SSH-2.0-OpenSSH_9.2p1\\r\\n"); time.sleep(9)'
                """, saying: ["an SSH server"], isQuick: true),
        LaboratoryRow(
            testDescription: "plain HTTP on the port", verdict: .notTLS,
            breaking: """
                network; python_server <<< 'def serve(c): c.recv(9); c.sendall(b"HTTP/1.1 400 Bad Request\\r\\n\\r\\n"); c.close()'
                """, saying: ["a web server without TLS"]),
        LaboratoryRow(
            testDescription: "nginx with TLS and no ALPN of ours", verdict: .notRollcall,
            breaking: """
                network; certificate
                echo "daemon off; master_process off; pid $dir/pid; error_log $dir/log; events {} http { access_log off; \
                client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; \
                scgi_temp_path $dir/s; server { listen 443 ssl; ssl_certificate $dir/cert.pem; \
                ssl_certificate_key $dir/key.pem; } }" > "$dir/nginx.conf"
                start nginx -c "$dir/nginx.conf"; until_listening
                """, saying: ["inspector.example"], needs: ["nginx"]),
        LaboratoryRow(
            testDescription: "a firewall that resets TLS and lets plain text pass", verdict: .tlsCutOnTheWay,
            breaking: """
                network; rollcall_server; forward 'tcp dport 443 tcp flags psh meta length > 200 reject with tcp reset'
                """, isQuick: true),
        LaboratoryRow(
            testDescription: "a server that accepts and says nothing", verdict: .silentAfterConnect,
            breaking: "network; python_server <<< 'def serve(c): c.recv(99999); time.sleep(20)'",
            saying: ["confirmed the TLS greeting"]),
        LaboratoryRow(
            testDescription: "an authenticating proxy", verdict: .proxyAuthentication,
            breaking: """
                network; where=$router python_server 3128 <<< 'def serve(c): c.recv(999); \
                c.sendall(b"HTTP/1.1 407 Proxy Authentication Required\\r\\nProxy-Authenticate: Basic\\r\\n\\r\\n"); c.close()'
                """, probing: "10.77.2.2 --proxy 10.77.1.1:3128", saying: ["407"], isQuick: true),
        LaboratoryRow(
            testDescription: "an authenticating proxy that nobody asked for", verdict: .proxyAuthentication,
            breaking: """
                network; python_server <<< 'def serve(c): c.recv(999); \
                c.sendall(b"HTTP/1.1 407 Proxy Authentication Required\\r\\n\\r\\n"); c.close()'
                """, saying: ["407"]),
    ]

    static let certificates = [
        LaboratoryRow(
            testDescription: "another fleet's CA", verdict: .otherAuthority,
            breaking: """
                network; rollcall_server; "$ROLLCALL" pki init --data "$dir/other" --fleet other --host x.example >/dev/null
                """, probing: "10.77.2.2 --ca $dir/other/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a certificate of this fleet before its CA was made anew", verdict: .identityRefused,
            breaking: """
                network; rollcall_server; "$ROLLCALL" pki init --data "$dir/other" --fleet lab --host x.example >/dev/null
                "$ROLLCALL" pki node --data "$dir/other" --out "$dir/node" >/dev/null
                """,
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem --cert $dir/node/identity.pem --key $dir/node/identity.key",
            saying: ["takes registrations"]),
        LaboratoryRow(
            testDescription: "a node whose certificate was revoked", verdict: .identityRefused,
            breaking: """
                network; rollcall_server
                "$ROLLCALL" pki revoke "$IDENTITY/identity.pem" --data "$dir/data" --reason stolen >/dev/null
                """, probing: "10.77.2.2 --identity $IDENTITY", saying: ["certificate revoked"]),
        LaboratoryRow(
            testDescription: "a firewall that inspects TLS", verdict: .foreignIssuer,
            breaking: """
                network; certificate; python_server <<-END
                import ssl
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain("$dir/cert.pem", "$dir/key.pem")
                context.set_alpn_protocols(["rollcall/1"])
                def serve(c): context.wrap_socket(c, server_side=True).recv(4096); time.sleep(20)
                END
                """, probing: "10.77.2.2 --ca $PKI/pki/ca.pem", saying: ["Inspector Inc"]),
        LaboratoryRow(
            testDescription: "a server that speaks old TLS only", verdict: .oldTLS,
            breaking: "network; tls_server -tls1 -cipher DEFAULT@SECLEVEL=0"),
        LaboratoryRow(
            testDescription: "a name that the certificate does not have", verdict: .wrongName,
            breaking: "network; ip -n $server addr add 10.77.2.3/24 dev eth0; listen=10.77.2.3:443 rollcall_server",
            probing: "10.77.2.3 --ca $PKI/pki/ca.pem"),
        LaboratoryRow(
            testDescription: "a server whose certificate has expired", verdict: .expired,
            breaking: """
                network; faketime -f -$((1095 * 86400 - 10)) "$ROLLCALL" pki init --data "$dir/old" --fleet lab --host 10.77.2.2 >/dev/null
                PKI=$dir/old; rollcall_server
                while openssl x509 -in "$PKI/pki/server.pem" -checkend 0 -noout >/dev/null; do sleep 0.2; done
                """, probing: "10.77.2.2 --ca $dir/old/pki/ca.pem", saying: ["clock: server"], needs: ["faketime"]),
        LaboratoryRow(
            testDescription: "a certificate that was made under a clock a month ahead", verdict: .notYetValid,
            breaking: """
                network; faketime -f +30d "$ROLLCALL" pki init --data "$dir/old" --fleet lab --host 10.77.2.2 >/dev/null
                PKI=$dir/old; rollcall_server
                """, probing: "10.77.2.2 --ca $dir/old/pki/ca.pem", saying: ["not valid yet"], needs: ["faketime"]),
        LaboratoryRow(
            testDescription: "a clock that is four years ahead", verdict: .clockFarOff,
            breaking: "network; rollcall_server; before='faketime -f +1500d'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem",
            saying: ["expired"], needs: ["faketime"]),
        LaboratoryRow(
            testDescription: "a clock that is a year behind", verdict: .clockFarOff,
            breaking: "network; rollcall_server; before='faketime -f -365d'", probing: "10.77.2.2 --ca $PKI/pki/ca.pem",
            saying: ["not valid yet"], needs: ["faketime"]),
        LaboratoryRow(
            testDescription: "a clock that is twenty minutes ahead", verdict: .clockFarOff,
            breaking: "network; rollcall_server; before='faketime -f +1230s'",
            probing: "10.77.2.2 --ca $PKI/pki/ca.pem",
            saying: ["server -20 min"], needs: ["faketime"]),
    ]
}
