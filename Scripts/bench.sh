#!/bin/bash
# Benchmarks: builds what they need where it is missing or old, then runs Benchmarks/bench.py.
#   Scripts/bench.sh all | quick | page | fixture | counts      PARTS="heartbeat memory"   DIR=… N=… (fixture)
source "$(dirname "$0")/steps.sh"
what=${1:-all}
name="make bench"
[[ $what == all ]] || name="make bench-$what"

packages "${compiler_packages[@]}" "${library_packages[@]}" python3 make util-linux valgrind openssl
toolchain
if [[ $what == counts ]]; then
    # Only other people's modules are taken from it.
    [[ -d .build/debug/Modules ]] || step "Building everything for debugging" build.log swift build --build-tests
    exec python3 Benchmarks/micro.py write .build/debug
fi
# A build takes minutes; a binary that is newer than every source is left alone, whatever flags it was built with.
# ROLLCALL=PATH measures another one.
if [[ -z ${ROLLCALL:-} && $what != page ]]; then
    binary=.build/release/rollcall
    if [[ ! -x $binary || -n $(find Sources Package.swift -newer "$binary" -type f -print -quit) ]]; then
        step "Building the command for production" build.log swift build -c release --product rollcall --static-swift-stdlib
    fi
    core=.build/release/CoreScale
    if [[ $what == all && " ${PARTS:-scale} " == *" scale "* ]] &&
        [[ ! -x $core || -n $(find Sources/Registry Sources/RegistryStore Benchmarks/CoreScale -newer "$core" -type f -print -quit) ]]; then
        step "Building what measures the core with a million nodes" build-core.log swift build -c release --product CoreScale --static-swift-stdlib
    fi
fi
compiler=$(command -v cc || command -v clang) || fail "there is no C compiler. Type: sudo apt-get install --yes gcc"
step "Building the load generator and the floor" bench-build.log make -C Benchmarks CC="$compiler"
export PYTHONDONTWRITEBYTECODE=1
exec python3 Benchmarks/bench.py "$what"
