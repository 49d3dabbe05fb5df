#!/bin/bash
# Stops and starts the service that the agent of `make run` watches: a process with a pid file, so that error 95226b can
# be seen to come and go. Watched is a stand-in; nothing of this machine is touched.
#   Scripts/service.sh stop | start
source "$(dirname "$0")/steps.sh"
name="make ${1:-stop}-service"
DATA=${DATA:-run/data}
pid_file=${DATA%/}-agent/appservice.pid
[[ -e $pid_file ]] || fail "$pid_file is not there. Type 'make run' first, in another terminal (with the same DATA)"

# The number is good only while it is our stand-in's.
running() { [[ $(cat "/proc/$(cat "$pid_file")/comm" 2>/dev/null) == sleep ]]; }

case ${1:-} in
stop)
    running || fail "it is stopped already. Type: make start-service"
    kill "$(cat "$pid_file")" && printf '       Stopped. The agent tells within a second; see: make run, rollcall errors\n'
    ;;
start)
    running && fail "it runs already. Type: make stop-service"
    setsid sleep infinity </dev/null >/dev/null 2>&1 &
    printf '%s\n' $! >"$pid_file.new" && mv "$pid_file.new" "$pid_file" && printf '       Started\n'
    ;;
*) fail "say 'stop' or 'start'" ;;
esac
