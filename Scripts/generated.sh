#!/bin/bash
# Makes the generated Swift anew from proto/, or compares it.
#   Scripts/generated.sh write | check
# The plug-in is built from the very swift-protobuf that the package depends on: another version writes other code.
source "$(dirname "$0")/steps.sh"
name="make generated"

packages protobuf-compiler
toolchain
target=Sources/RollcallProtocol/Generated
step "Building protoc-gen-swift" generated.log swift build --product protoc-gen-swift
plugin=$(swift build --show-bin-path 2>/dev/null)/protoc-gen-swift

generate() { # into directory $1
    protoc --plugin=protoc-gen-swift="$plugin" --proto_path=proto --swift_out="$1" \
        --swift_opt=Visibility=Public,UseAccessLevelOnImports=true,FileNaming=DropPath proto/rollcall/v1/*.proto
}

case ${1:-} in
write) step "Making $target" generated.log generate "$target" ;;
check)
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    step "Making it anew" generated.log generate "$fresh"
    diff -r -q "$fresh" "$target" >/dev/null || fail "$target is not what proto/ says. Type: make generated"
    printf '       %s is what proto/ says\n' "$target"
    ;;
*) fail "say 'write' or 'check'" ;;
esac
