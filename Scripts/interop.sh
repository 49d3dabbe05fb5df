#!/bin/bash
# Tries the TLS 1.3 record layer with those who know nothing of it: openssl s_client, gnutls-cli, and tlsfuzzer, a test
# suite for TLS servers. RECORDS=openssl tries OpenSSL's own records in the same way, to compare.
#   TLSFUZZER   a clone of https://github.com/tlsfuzzer/tlsfuzzer; fetched if it is not given
source "$(dirname "$0")/steps.sh"

packages "${compiler_packages[@]}" "${library_packages[@]}" python3 python3-venv openssl gnutls-bin
toolchain
: "${RECORDS:=own}" "${TLSFUZZER:=run/interop/tlsfuzzer}"
build=.build-interop work=run/interop
mkdir -p "$build" "$work"
options=(-O -swift-version 6 -I Sources/COpenSSL -I Sources/CLibUV -I "$build" -package-name rollcall
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny)
module() {
    swiftc "${options[@]}" -parse-as-library -whole-module-optimization -module-name "$1" -emit-module \
        -emit-module-path "$build/$1.swiftmodule" -c "${@:2}" -o "$build/$1.o"
}
server() {
    module EventLoop $(find Sources/EventLoop -name "*.swift") && module SecureTransport $(find Sources/SecureTransport -name "*.swift") &&
        swiftc "${options[@]}" -module-name Interop Tests/Interop/main.swift "$build"/{EventLoop,SecureTransport}.o \
            -luv -lssl -lcrypto -o "$build/interop"
}
step "Building a server" interop-build.log server

# RSA, because that is what most of tlsfuzzer's clients offer to verify.
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout "$work/key.pem" -out "$work/cert.pem" \
    2>"$logs/interop-cert.log" || fail "openssl made no certificate: $(tail -n 1 "$logs/interop-cert.log")"
rm -f "$work/server.log"
"$build/interop" "$work/cert.pem" "$work/key.pem" "$RECORDS" >"$work/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
for _ in {1..100}; do
    port=$(sed -n 's/^ready //p' "$work/server.log")
    [[ $port ]] && break
    sleep 0.1
done
[[ $port ]] || fail "the server did not start: $(tail -n 1 "$work/server.log")"

failures=0
verdict() { # TITLE STATUS
    if (($2)); then failures=$((failures + 1)) && printf 'FAIL   %s\n' "$1"; else printf 'ok     %s\n' "$1"; fi
}

# ---- openssl s_client: K asks for a new key of both, k changes its own
{ echo one; sleep 0.3; echo K; sleep 0.3; echo two; sleep 0.3; echo k; sleep 0.3; echo three; sleep 0.3; echo Q; } |
    timeout 20 openssl s_client -connect "127.0.0.1:$port" -tls1_3 >"$work/s_client.log" 2>&1
[[ $(grep -cE '^(one|two|three)$' "$work/s_client.log") == 3 ]]
verdict "openssl s_client: data, KeyUpdate both ways, data" $?
printf 'GET / HTTP/1.0\n\n' | timeout 3 openssl s_client -connect "127.0.0.1:$port" -tls1_2 -ign_eof \
    >"$work/s_client12.log" 2>&1
grep -q '^ok' "$work/s_client12.log" && grep -q 'New, TLSv1.2' "$work/s_client12.log"
verdict "openssl s_client: TLS 1.2" $?

# ---- gnutls-cli
if command -v gnutls-cli >/dev/null; then
    for priority in NORMAL NORMAL:-CIPHER-ALL:+AES-128-GCM NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305; do
        { echo one; sleep 0.3; echo '^rekey^'; sleep 0.3; echo two; sleep 0.3; echo '^rekey1^'; sleep 0.3; echo three; sleep 0.3; } |
            timeout 20 gnutls-cli --insecure --inline-commands --priority "$priority:-VERS-ALL:+VERS-TLS1.3" \
                -p "$port" 127.0.0.1 >"$work/gnutls.log" 2>&1
        [[ $(grep -cE '^(one|two|three)$' "$work/gnutls.log") == 3 && $(grep -c 'Rekey was completed' "$work/gnutls.log") -ge 1 ]]
        verdict "gnutls-cli: data, rekey, data ($priority)" $?
    done
else
    printf 'skip   gnutls-cli is not installed (Debian: gnutls-bin)\n'
fi

# ---- keys in the server's memory
timeout 60 python3 Scripts/interop-keys.py "$server" "$port" "$RECORDS" >"$work/keys.log" 2>&1
status=$?
verdict "keys: $(tail -n 1 "$work/keys.log")" $status

# ---- tlsfuzzer
if [[ ! -d $TLSFUZZER ]]; then
    git clone --quiet https://github.com/tlsfuzzer/tlsfuzzer "$TLSFUZZER" 2>"$logs/interop-git.log" &&
        git -C "$TLSFUZZER" checkout --quiet 14555fe 2>>"$logs/interop-git.log" || rm -rf "$TLSFUZZER"
fi
if [[ -d $TLSFUZZER ]]; then
    [[ -x $work/venv/bin/python ]] || python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --pre 'tlslite-ng==0.9.0b2' 2>"$logs/interop-pip.log" ||
        fail "pip installed no tlslite-ng: $(tail -n 1 "$logs/interop-pip.log")"
    # A line is a script and an expression for those of its probes that are not about records; see the file.
    while read -r script known; do
        [[ $script && $script != '#'* ]] || continue
        (cd "$TLSFUZZER" && PYTHONPATH=. timeout 300 "$OLDPWD/$work/venv/bin/python" "scripts/$script.py" \
            -h 127.0.0.1 -p "$port") >"$work/$script.log" 2>&1
        passed=$(sed -n 's/^PASS: //p' "$work/$script.log")
        wrong=$(sed -n '/^FAILED:/,$p' "$work/$script.log" | grep -P "^\t'" | grep -cvE "${known:-^$}")
        ((${passed:-0} > 0 && wrong == 0))
        verdict "tlsfuzzer $script: ${passed:-0} of $(sed -n 's/^TOTAL: //p' "$work/$script.log") probes passed" $?
    done <Scripts/interop-tlsfuzzer.txt
else
    printf 'skip   tlsfuzzer: no clone of it, and none could be fetched (%s)\n' "$logs/interop-git.log"
fi

kill -0 "$server" 2>/dev/null
verdict "the server is still there" $?
((failures == 0)) || fail "$failures failed with RECORDS=$RECORDS; what each client said: $work"
