#!/bin/bash
# Fuzzes the TLS 1.3 record layer for SECONDS_MAX seconds (60) with libFuzzer and AddressSanitizer, both of which come
# with the Swift compiler. What it learns stays in run/fuzz/corpus, so that the next run goes on from there; an input that
# fails is left in run/fuzz and is run again by: .build-fuzz/records FILE
source "$(dirname "$0")/steps.sh"

toolchain
build=.build-fuzz
mkdir -p "$build" run/fuzz/corpus
# -g: a stack in the report. The record layer stands on nothing but OpenSSL, so that two calls of the compiler do.
options=(-O -g -enable-testing -sanitize=fuzzer,address -swift-version 6 -I Sources/COpenSSL)
step "Building the record layer" fuzz-layer.log swiftc "${options[@]}" -parse-as-library -whole-module-optimization \
    -module-name SecureTransport -emit-module -emit-module-path "$build/SecureTransport.swiftmodule" \
    -c Sources/SecureTransport/{Records/*,RecordBufferPool}.swift -o "$build/SecureTransport.o"
step "Building the fuzzer" fuzz-target.log swiftc "${options[@]}" -parse-as-library -module-name RecordFuzz \
    -I "$build" Tests/Fuzz/RecordFuzz.swift Tests/SecureTransportTests/Records/RecordBench.swift \
    "$build/SecureTransport.o" -lssl -lcrypto -o "$build/records"
printf '       Fuzzing for %s s …\n' "${SECONDS_MAX:=60}"
# Leaks of the Swift runtime's own (it keeps its metadata) are not of interest.
ASAN_OPTIONS=detect_leaks=0 "$build/records" -max_total_time="$SECONDS_MAX" -max_len=1500 -print_final_stats=1 \
    -artifact_prefix=run/fuzz/ -close_fd_mask=0 run/fuzz/corpus >"$logs/fuzz.log" 2>&1 ||
    fail "an input fails: $(grep -m 1 -E 'Fatal error|ERROR: ' "$logs/fuzz.log") (all of it: $logs/fuzz.log, the input: run/fuzz)"
grep -E 'stat::number_of_executed_units|stat::average_exec|DONE' "$logs/fuzz.log" | tail -n 3
