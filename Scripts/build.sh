#!/bin/bash
# Builds everything for debugging, or the command for production.
#   Scripts/build.sh debug | release
source "$(dirname "$0")/steps.sh"
name="make ${1:-build}"
[[ ${1:-} == debug ]] && name="make build"

packages "${compiler_packages[@]}" "${library_packages[@]}"
toolchain
case ${1:-} in
debug) step "Building everything for debugging" build.log swift build --build-tests ;;
release) step "Building the command for production" build.log swift build -c release --product rollcall --static-swift-stdlib ;;
*) fail "say 'debug' or 'release'" ;;
esac
printf '       %s\n' "$(swift build --show-bin-path -c "$1" 2>/dev/null)/rollcall"
