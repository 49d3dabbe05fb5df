#!/bin/bash
# A configuration server, a small simulated fleet and the agent of this very machine, shown live until Ctrl-C.
#   PORT  where the server listens (443)         DATA  where it keeps its registry and certificates (run/data)
# Everything that was started is stopped at the end; the registry stays, and the next run goes on with it.
source "$(dirname "$0")/steps.sh"

PORT=${PORT:-443}
export DATA=${DATA:-run/data}
CONFIGURATION=${CONFIGURATION:-debug}
machine=${DATA%/}-agent # identity of this machine's agent, and the service it watches
fleet=demo
pid_file=$machine/appservice.pid
service="InMage Scout Application Service"
started=()
viewer=
at_interrupt=130

# Ends one of them, by force if it takes longer than seven seconds.
stop() {
    # Only what still runs: the number of a process that has ended may be another's by now.
    jobs -rp | grep -qx "$1" || return
    kill -TERM "$1" 2>/dev/null
    for _ in {1..70}; do
        jobs -rp | grep -qx "$1" || break
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# Stops what was started: the view, then the server, so that it keeps the fleet as it is, then the others.
stop_everything() {
    local child
    trap '' INT TERM HUP
    [[ -n $viewer ]] && stop "$viewer"
    ((${#started[@]})) && printf '\n       Stopping …\n'
    for child in "${started[@]}"; do stop "$child"; done
    # The stand-in may have been started again by hand.
    ((${#started[@]})) && Scripts/service.sh stop >/dev/null 2>&1
    return 0
}
trap stop_everything EXIT
trap 'exit $at_interrupt' INT
trap 'exit 143' TERM HUP

# Starts the rest of the line in the background, out of reach of this terminal's Ctrl-C, with its output in that log.
start() {
    local log=$1
    shift
    setsid "$@" >>"$log" 2>&1 </dev/null &
    started+=($!)
}

# Waits until the rest of the line succeeds; fails if the process ends before, or after 60 seconds.
wait_until() {
    local title=$1 child=$2 log=$3 start=$SECONDS
    shift 3
    until "$@" >/dev/null 2>&1; do
        kill -0 "$child" 2>/dev/null || fail "$title failed: $(tail -n 1 "$log") (all of it: $log)"
        ((SECONDS - start < 60)) || fail "$title took more than 60 s: $(tail -n 1 "$log") (all of it: $log)"
        sleep 0.1
    done
    printf '%4d s %s\n' $((SECONDS - start)) "$title"
}

# Who listens on TCP port $1 of this machine, as "process NAME (pid)", or "another program"; fails if nobody does.
listener_on() {
    local inode link
    inode=$(awk -v port=":$(printf '%04X' "$1")" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    [[ -n $inode ]] || return 1
    for link in /proc/[0-9]*/fd/*; do
        if [[ $(readlink "$link" 2>/dev/null) == "socket:[$inode]" ]]; then
            link=${link%/fd/*}
            printf '%s (process %s)' "$(cat "$link/comm" 2>/dev/null)" "${link#/proc/}"
            return
        fi
    done
    printf 'another program'
}

check_port() {
    local first_free holder capabilities
    [[ $PORT =~ ^[0-9]{1,5}$ ]] && ((10#$PORT >= 1 && 10#$PORT <= 65535)) ||
        fail "PORT is '$PORT', which is no port. Type for example: make run PORT=8443"
    if holder=$(listener_on "$PORT"); then
        fail "port $PORT is taken by $holder. Stop it, or choose another port: make run PORT=8443"
    fi
    first_free=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
    capabilities=$((16#$(awk '/^CapEff:/ { print $2 }' /proc/self/status)))
    ((PORT >= first_free || (capabilities >> 10 & 1))) ||
        fail "port $PORT needs root here. Choose another port: make run PORT=8443 (or type: sudo make run)"
}

packages "${compiler_packages[@]}" "${library_packages[@]}"
toolchain
check_port
step "Building the command" build.log swift build -c "$CONFIGURATION" --product rollcall
rollcall=$(swift build -c "$CONFIGURATION" --show-bin-path 2>/dev/null)/rollcall
mkdir -p "$DATA" "$machine" run || fail "cannot make $DATA and $machine. Choose another place: make run DATA=…"

if [[ ! -e $DATA/pki/ca.pem || ! -e $DATA/pki/server.key ]]; then
    step "Making the fleet's CA and the server's certificate" pki.log \
        "$rollcall" pki init --data "$DATA" --fleet "$fleet" --host localhost --host 127.0.0.1 --host ::1 --host "$(uname -n)"
fi
if [[ ! -e $machine/identity/identity.pem ]]; then
    step "Making this machine's certificate" pki.log \
        "$rollcall" pki node --data "$DATA" --out "$machine/identity" --name "$(uname -n)"
fi

server_log=run/server.log
: >"$server_log"
# Heartbeats each 5 s instead of 30, so that there is something to see.
start "$server_log" "$rollcall" serve --data "$DATA" --listen "[::]:$PORT" --listen "0.0.0.0:$PORT" \
    --heartbeat-interval 5s
# Whether the server answers and has at least $1 connections. The status's own exit status tells of health, not of this.
connected() {
    local answer
    answer=$("$rollcall" status --data "$DATA" --json 2>/dev/null)
    [[ $answer =~ \"connections\":\ *([0-9]+) ]] && ((BASH_REMATCH[1] >= $1))
}
wait_until "Starting the server on port $PORT (log: $server_log)" "${started[0]}" "$server_log" connected 0

# A service to stop and start by hand: a process with a pid file.
Scripts/service.sh stop >/dev/null 2>&1
: >"$pid_file"
Scripts/service.sh start >/dev/null || fail "cannot start the process that stands in for a service"

: >run/agent.log
start run/agent.log "$rollcall" agent --server "localhost:$PORT" --identity "$machine/identity" --site headquarters \
    --watch "$service=pidfile:$(realpath "$pid_file")" --watch-interval 1s
wait_until "Starting the agent of this machine (log: run/agent.log)" "${started[1]}" run/agent.log connected 1
: >run/simulate.log
start run/simulate.log "$rollcall" simulate --server "localhost:$PORT" --pki "$DATA/pki" --seed 1 \
    --agents 24 --process-servers 2 --master-targets 1 --sites 2
wait_until "Starting 27 simulated machines (log: run/simulate.log)" "${started[2]}" run/simulate.log connected 28
cat <<END

  To see error 95226b come and go, in another terminal:  make stop-service   make start-service
  To ask more:  $rollcall errors --data $(realpath "$DATA")   (likewise: nodes, node $(uname -n))
  Ctrl-C stops everything; the registry stays in $DATA.

END
# In the background, so that this script hears signals while it waits.
"$rollcall" status --watch --data "$DATA" --note "Try in another terminal: make stop-service, make start-service" &
viewer=$!
at_interrupt=0 # Ctrl-C is how one leaves now
wait "$viewer"
status=$?
((status == 0)) || fail "the live view ended (status $status)"
