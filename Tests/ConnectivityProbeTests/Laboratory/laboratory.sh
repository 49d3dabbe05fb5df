# A network in a box: three network namespaces (client, router, server) joined by virtual cables, and what can be broken
# in them. To be sourced by bash, as root; everything is gone when the shell ends. Nothing leaves the namespaces.
#
#   client 10.77.1.2 ── 10.77.1.1 router 10.77.2.1 ── 10.77.2.2 server      (fd77:1::, fd77:2:: for IPv6)
#
# $ROLLCALL is the command, $PKI a data directory with a fleet's certificates (lab.example, 10.77.2.2).
set -u
lab=rl$$
client=$lab-c router=$lab-r server=$lab-s
dir=$(mktemp -d)
pids=()

cleanup() {
    trap - EXIT TERM INT
    ((${#pids[@]})) && kill -9 "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    for name in $client $router $server; do
        # Whatever a server has left behind in there, too.
        ip netns pids $name 2>/dev/null | xargs -r kill -9 2>/dev/null
        ip netns del $name 2>/dev/null
    done
    mountpoint -q "$dir/data" && umount -l "$dir/data"
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 143' TERM INT

at() { ip netns exec "$@"; }

# network [ipv6]: the three machines, with everything working. Segments leave one by one (gso_max_segs), as from a real
# card: the kernel would else pass several as one large packet, which no rule about sizes is meant for.
network() {
    for name in $client $router $server; do
        ip netns add $name || exit 70
        ip -n $name link set lo up
    done
    ip -n $client link add eth0 type veth peer name west netns $router
    ip -n $server link add eth0 type veth peer name east netns $router
    ip -n $client -batch - <<-END
	link set eth0 up gso_max_segs 1
	addr add 10.77.1.2/24 dev eth0
	route add default via 10.77.1.1
	END
    ip -n $server -batch - <<-END
	link set eth0 up gso_max_segs 1
	addr add 10.77.2.2/24 dev eth0
	route add default via 10.77.2.1
	END
    ip -n $router -batch - <<-END
	link set west up
	link set east up
	addr add 10.77.1.1/24 dev west
	addr add 10.77.2.1/24 dev east
	END
    at $router sysctl -qw net.ipv4.ip_forward=1
    [[ ${1-} == ipv6 ]] || return 0
    ip -n $client addr add fd77:1::2/64 dev eth0 nodad
    ip -n $server addr add fd77:2::2/64 dev eth0 nodad
    ip -n $router addr add fd77:1::1/64 dev west nodad
    ip -n $router addr add fd77:2::1/64 dev east nodad
    ip -n $client route add default via fd77:1::1
    ip -n $server route add default via fd77:2::1
    at $router sysctl -qw net.ipv6.conf.all.forwarding=1
}

# rule WHERE TYPE HOOK RULE: a firewall's rule: rule $server filter input 'tcp dport 443 reject'.
rule() {
    at "$1" nft -f - <<-END || exit 73
	table inet lab {
	    chain lab_$3 {
	        type $2 hook $3 priority 0
	        $4
	    }
	}
	END
}

# forward RULE: one for what the router passes on.
forward() { rule $router filter forward "$1"; }

# start CMD…: a server on the server's machine, in the background.
start() {
    ip netns exec $server "$@" </dev/null >>"$dir/log" 2>&1 &
    pids+=($!)
}

# until_listening [PORT] [NAMESPACE]: waits until somebody does; gives up after 10 s.
until_listening() {
    local i
    for ((i = 0; i < 500; i++)); do
        [[ -n $(ip netns exec ${2-$server} ss -Hltn "sport = :${1-443}") ]] && return 0
        sleep 0.02
    done
    cat "$dir/log" >&2
    echo "nobody listens on ${1-443}" >&2
    exit 71
}

# rollcall_server [FLAGS…]: the real one, with a copy of the fleet's certificates.
rollcall_server() {
    mkdir -p "$dir/data"
    cp -r "$PKI/." "$dir/data"
    local place=${listen-10.77.2.2:443}
    start "$ROLLCALL" serve --data "$dir/data" --listen "$place" --heartbeat-interval 1s --loops 1 "$@"
    until_listening "${place##*:}"
}

# until_says WORDS: waits until a server's log has them; gives up after 20 s.
until_says() {
    local i
    for ((i = 0; i < 1000; i++)); do
        grep -q "$1" "$dir/log" && return 0
        sleep 0.02
    done
    cat "$dir/log" >&2
    exit 74
}

# guest: somebody who connects to the server, and says nothing.
guest() {
    ip netns exec $client bash -c 'exec 9<>/dev/tcp/10.77.2.2/443; sleep 60' & pids+=($!)
    local i
    for ((i = 0; i < 500; i++)); do
        [[ -n $(at $server ss -Hnt state established 'sport = :443') ]] && return 0
        sleep 0.02
    done
    exit 75
}

# small_disk: the server's data goes onto a disk of 8 MiB; fill_disk: nothing more fits on it.
small_disk() {
    mkdir "$dir/data"
    mount -t tmpfs -o size=8m lab "$dir/data" || exit 76
}
fill_disk() { dd if=/dev/zero of="$dir/data/filler" bs=64k 2>/dev/null; true; }

# certificate: one that no fleet has issued.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout "$dir/key.pem" \
        -out "$dir/cert.pem" -subj "/O=Inspector Inc/CN=inspector.example" 2>/dev/null
}

# tls_server [ARGS of openssl s_server…]: another one, with a certificate of its own making.
tls_server() {
    certificate
    # It ends when its input does: this one never does.
    mkfifo "$dir/input"
    exec 8<>"$dir/input"
    ip netns exec $server openssl s_server -accept 443 -cert "$dir/cert.pem" -key "$dir/key.pem" "$@" \
        <&8 >>"$dir/log" 2>&1 &
    pids+=($!)
    until_listening
}

# python_server [PORT] <<< CODE: `serve(connection)` is called for each connection, in a thread of its own.
python_server() {
    local port=${1-443}
    { cat <<-END
	import socket, sys, threading, time
	listener = socket.create_server(("", $port), backlog=100)
	END
      cat
      cat <<-END
	while True:
	    connection, _ = listener.accept()
	    threading.Thread(target=serve, args=(connection,), daemon=True).start()
	END
    } > "$dir/server$port.py"
    ip netns exec ${where-$server} python3 "$dir/server$port.py" </dev/null >>"$dir/log" 2>&1 &
    pids+=($!)
    until_listening $port ${where-$server}
}

# name_server 'NAME=ADDRESS …' [ADDRESS]: answers for names at ADDRESS (10.77.2.2) port 53; NAME * stands for all. With
# the word fail it only says that it fails, with slow it answers after 3 s.
name_server() {
    cat > "$dir/dns.py" <<-'END'
	import socket, sys, threading
	table = {}
	words = sys.argv[2].split()
	for pair in [word for word in words if "=" in word]:
	    name, address = pair.split("=")
	    table.setdefault(name, []).append(address)
	server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	server.bind((sys.argv[1], 53))
	while True:
	    query, peer = server.recvfrom(512)
	    name, position = [], 12
	    while query[position]:
	        name.append(query[position + 1:position + 1 + query[position]].decode())
	        position += 1 + query[position]
	    kind = query[position + 2]
	    found = table.get(".".join(name), table.get("*"))
	    records = b""
	    count = 0
	    for address in found or []:
	        if (kind == 28) == (":" in address) and kind in (1, 28):
	            raw = socket.inet_pton(socket.AF_INET6 if kind == 28 else socket.AF_INET, address)
	            records += b"\xc0\x0c" + bytes([0, kind, 0, 1, 0, 0, 0, 60, 0, len(raw)]) + raw
	            count += 1
	    flags = b"\x81\x82" if "fail" in words else b"\x81\x80" if found else b"\x81\x83"
	    question = query[12:position + 5]
	    answer = query[:2] + flags + b"\0\1" + bytes([0, count]) + b"\0\0\0\0" + question + records
	    threading.Timer(3 if "slow" in words else 0, server.sendto, (answer, peer)).start()
	END
    local address=${2-10.77.2.2}
    start python3 "$dir/dns.py" "$address" "$1"
    local i
    for ((i = 0; i < 500; i++)); do
        [[ -n $(ip netns exec $server ss -Hlun "src $address:53") ]] && return 0
        sleep 0.02
    done
    exit 71
}

# resolver ADDRESS…: what the client's /etc/resolv.conf says. hosts LINE…: its /etc/hosts.
resolver() { printf 'nameserver %s\n' "$@" > "$dir/resolv.conf"; }
hosts() { printf '%s\n' "127.0.0.1 localhost" "$@" > "$dir/hosts"; }

# probe ARGS…: on the client, with its own /etc/resolv.conf and /etc/hosts. ${before-} runs in front of it (faketime).
probe() {
    [[ -e $dir/resolv.conf ]] || resolver 10.77.2.2
    [[ -e $dir/hosts ]] || hosts
    # A mount namespace of its own: nothing of this machine's files is touched.
    ip netns exec $client unshare --mount bash -c '
        mount --bind "$1/resolv.conf" /etc/resolv.conf && mount --bind "$1/hosts" /etc/hosts || exit 72
        shift; exec "$@"' lab "$dir" ${before-} "$ROLLCALL" probe "$@"
}
