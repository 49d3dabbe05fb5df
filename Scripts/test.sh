#!/bin/bash
# Builds and runs all tests. FILTER=Name runs those that match. The last lines are the test runner's own.
source "$(dirname "$0")/steps.sh"

# The tests' foreign clients: a client in Python written from docs/protocol.md, and the openssl command. Valgrind counts
# instructions and allocations on the heartbeat's path. The probe's laboratory takes network namespaces and firewall rules; its
# whole run a web server and a false clock, too. Without root there are no namespaces, and those tests say that they were skipped.
laboratory_packages=(iproute2 nftables procps)
[[ ${ROLLCALL_LABORATORY-} == all ]] && laboratory_packages+=(nginx-light faketime)
((EUID == 0)) || laboratory_packages=()
packages "${compiler_packages[@]}" "${library_packages[@]}" python3 openssl valgrind "${laboratory_packages[@]}"
toolchain
step "Building the package and its tests" build.log swift build --build-tests
mkdir -p "$logs"
printf '       Testing (all of it: %s) …\n' "$logs/test.log"
start=$SECONDS
swift test --skip-build --disable-xctest ${FILTER:+--filter "$FILTER"} 2>&1 | tee "$logs/test.log"
status=${PIPESTATUS[0]}
if ((status != 0)); then
    fail "$(grep -cE '^✘ Test .* failed|^✘ Test .* recorded an issue' "$logs/test.log") lines tell of a failure; after $((SECONDS - start)) s the first is: $(grep -m 1 -E '^✘ |error: ' "$logs/test.log" | cut -c 1-300)"
fi
