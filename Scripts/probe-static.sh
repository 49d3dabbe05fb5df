#!/bin/bash
# Builds the command for machines on which nothing is installed: Swift's libraries, libuv, OpenSSL, SQLite and the C++
# library are in it. What is left is the C library and its loader, which every Linux has (Debian 12 or newer, or one with
# glibc 2.36): glibc looks names up with modules of the machine it runs on, and so cannot be linked in.
source "$(dirname "$0")/steps.sh"

packages "${compiler_packages[@]}" "${library_packages[@]}"
toolchain
# The linker takes the first library it finds by name: in this folder only archives are to be found.
archives=$PWD/run/static
mkdir -p "$archives" run/probe
system=$(dirname "$(gcc -print-file-name=libssl.a 2>/dev/null || echo /usr/lib/x86_64-linux-gnu/libssl.a)")
[[ -e $system/libssl.a ]] || system=/usr/lib/$(uname -m)-linux-gnu
for pair in libuv_a.a:libuv.a libssl.a:libssl.a libcrypto.a:libcrypto.a libsqlite3.a:libsqlite3.a; do
    [[ -e $system/${pair%:*} ]] || fail "$system/${pair%:*} is missing: install libuv1-dev, libssl-dev and libsqlite3-dev"
    ln -sf "$system/${pair%:*}" "$archives/${pair#*:}"
done
ln -sf "$(ls /usr/lib/gcc/"$(uname -m)"-linux-gnu/*/libstdc++.a | tail -n 1)" "$archives/libstdc++.a"
# pkg-config's answer comes first on the linker's command line.
for name in libuv:-luv openssl:"-lssl -lcrypto"; do
    printf 'Name: %s\nDescription: archives\nVersion: %s\nLibs: -L%s %s\n' "${name%%:*}" \
        "$(pkg-config --modversion "${name%%:*}")" "$archives" "${name#*:}" > "$archives/${name%%:*}.pc"
done
export PKG_CONFIG_PATH=$archives
step "Building the command with its libraries in it" static.log \
    swift build -c release --product rollcall --static-swift-stdlib --scratch-path .build-static -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
strip -o run/probe/rollcall "$(swift build -c release --scratch-path .build-static --show-bin-path 2>/dev/null)/rollcall" ||
    fail "strip does not work: is binutils installed?"
printf '       run/probe/rollcall, %s; it needs:\n' "$(du -h run/probe/rollcall | cut -f 1)"
ldd run/probe/rollcall | awk '{ print "         " $1 }'

# Into a directory with nothing but the C library, and tried there: it must find out that nobody listens on port 1.
[[ $EUID == 0 ]] || { echo "       (as root it would be tried in an empty directory)"; exit 0; }
room=$(mktemp -d)
trap 'rm -rf --one-file-system "$room"' EXIT
mkdir "$room/proc"
cp run/probe/rollcall "$room"
for file in $(ldd run/probe/rollcall | grep -o '/[^ ]*'); do
    mkdir -p "$room$(dirname "$file")"
    cp "$file" "$room$file"
done
said=$(unshare --mount bash -c 'mount -t proc proc "$0/proc" && chroot "$0" /rollcall probe 127.0.0.1:1 --quick' "$room")
[[ $said == *"Verdict: failed (refused)"* ]] || fail "it does not work in an empty directory: $said"
echo "       it works in a directory that holds nothing else"
