#!/bin/bash
# Installs the command, its units, example settings and documentation.
#   PREFIX  /usr/local        DESTDIR  put in front of every path, for packagers: nothing else is done to the system then
source "$(dirname "$0")/steps.sh"

PREFIX=${PREFIX:-/usr/local}
DESTDIR=${DESTDIR:-}
root=$DESTDIR$PREFIX
[[ $PREFIX == /* ]] || fail "PREFIX is '$PREFIX'; it must start with /"
mkdir -p "$root/bin" 2>/dev/null || fail "cannot write to $root/bin. Type: sudo make install   (or choose PREFIX=)"
[[ -w $root/bin ]] || fail "cannot write to $root/bin. Type: sudo make install   (or choose PREFIX=)"

Scripts/build.sh release || exit 1

install_file() { # mode, source, path: a text whose /usr/local becomes PREFIX
    mkdir -p "$(dirname "$3")" && sed "s#/usr/local/#$PREFIX/#g" "$2" >"$3" && chmod "$1" "$3" || fail "cannot write $3"
    printf '       %s\n' "$3"
}

install -D -m 755 "$(swift build -c release --show-bin-path 2>/dev/null)/rollcall" "$root/bin/rollcall" ||
    fail "cannot write $root/bin/rollcall"
# What a debugger needs is a third of the file; names for backtraces stay.
strip --strip-debug "$root/bin/rollcall" || fail "cannot strip $root/bin/rollcall"
printf '       %s\n' "$root/bin/rollcall"
install_file 644 deploy/rollcall.service "$root/lib/systemd/system/rollcall.service"
install_file 644 deploy/rollcall-agent.service "$root/lib/systemd/system/rollcall-agent.service"
install_file 644 deploy/rollcall.sysusers "$root/lib/sysusers.d/rollcall.conf"
for page in README.md $(find docs certs -type f); do
    install_file 644 "$page" "$root/share/doc/rollcall/$page"
done
for settings in rollcall agent; do
    install_file 644 deploy/$settings.example.yaml "$root/share/doc/rollcall/$settings.example.yaml"
    [[ -e $DESTDIR/etc/rollcall/$settings.yaml ]] ||
        install_file 644 deploy/$settings.example.yaml "$DESTDIR/etc/rollcall/$settings.yaml"
done
[[ -z $DESTDIR ]] || exit 0

if command -v systemd-sysusers >/dev/null; then
    systemd-sysusers "$root/lib/sysusers.d/rollcall.conf" || fail "systemd-sysusers cannot make the users rollcall and rollcall-agent"
fi
if [[ -d /run/systemd/system ]]; then
    systemctl daemon-reload || fail "systemctl daemon-reload failed"
fi
printf '       Next: docs/operating/install.md (make the certificates, then: systemctl enable --now rollcall)\n'
