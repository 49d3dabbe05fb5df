#!/bin/bash
# The failure detector on traces of heartbeats (docs/detection.md).
#   TRACE=file OUT=file [MARGIN=x] Scripts/detection.sh deadlines    write the deadlines, with the server's own code
#   [BEATS=n] [SEEDS=a,b] Scripts/detection.sh report                remake docs/detection.md's table and plot
source "$(dirname "$0")/steps.sh"
name="make ${1:-detection}"
[[ ${1:-} == report ]] && name="make detection"

case ${1:-} in
deadlines) [[ -n ${TRACE:-} && -n ${OUT:-} ]] || fail "say which: make deadlines TRACE=file.csv OUT=file.csv [MARGIN=1]" ;;
report) ;;
*) fail "say 'deadlines' or 'report'" ;;
esac
packages "${compiler_packages[@]}" "${library_packages[@]}"
toolchain
step "Building the measuring tool" detectors.log swift build -c release --product detectors
detectors=$(swift build --show-bin-path -c release 2>/dev/null)/detectors
case $1 in
deadlines) "$detectors" deadlines "$TRACE" "$OUT" --margin "${MARGIN:-1}" ;;
report) "$detectors" report docs/detection.md docs/detection.svg --beats "${BEATS:-400000}" --seeds "${SEEDS:-1,2,3}" ;;
esac
