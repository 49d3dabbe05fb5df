# What the other scripts share. Sourced, not run.
#
#   step  "Building" build.log swift build …   runs the rest with its output in that log, shows the time it takes
#   fail  "what is wrong and what to do"       one line on standard error, and the end
#   packages libuv1-dev …                      installs the Debian packages that are missing, and only those

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
name="make $(basename "$0" .sh)"
logs=run/logs

# A crash of a test on purpose (an exit test) would else spend seconds on a backtrace nobody reads.
export SWIFT_BACKTRACE=enable=no

fail() {
    printf '%s: %s\n' "$name" "$*" >&2
    exit 1
}

# The last line of a log that tells how far it is, short enough for one line of a terminal.
progress_of() {
    tail -c 400 "$1" 2>/dev/null | tr '\r' '\n' | grep -E '^\[[0-9]+/[0-9]+\]|^(Fetching|Fetched|Computing|Get:|Unpacking|Setting up)' |
        tail -n 1 | cut -c 1-60
}

# The first line of a log that says what went wrong; its last line where none does.
reason_in() {
    local line
    line=$(grep -m 1 -E '(^|[ :])error: |^E: ' "$1" || grep -v '^[[:space:]]*$' "$1" | tail -n 1)
    printf '%s' "${line#"$PWD"/}" | cut -c 1-300
}

step() {
    local title=$1 log=$logs/$2 start=$SECONDS quiet=$SECONDS child status
    shift 2
    mkdir -p "$logs"
    [[ -t 1 ]] || printf '       %s …\n' "$title"
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        if [[ -t 1 ]]; then
            printf '\r\033[K%4d s %s … %s' $((SECONDS - start)) "$title" "$(progress_of "$log")"
        elif ((SECONDS - quiet >= 20)); then
            quiet=$SECONDS
            printf '%4d s   … %s\n' $((SECONDS - start)) "$(progress_of "$log")"
        fi
        sleep 0.2
    done
    wait "$child"
    status=$?
    [[ -t 1 ]] && printf '\r\033[K'
    if ((status != 0)); then
        fail "$title failed after $((SECONDS - start)) s: $(reason_in "$log") (all of it: $log)"
    fi
    printf '%4d s %s\n' $((SECONDS - start)) "$title"
}

packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        printf '       No Debian here: taking it for granted that these are installed: %s\n' "$*"
        return
    fi
    for package in "$@"; do
        [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
            missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    ((EUID == 0)) ||
        fail "packages are missing and you are not root. Type: sudo apt-get install --yes ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    step "Fetching the list of packages" apt.log apt-get update
    step "Installing ${missing[*]}" apt.log apt-get install --yes --no-install-recommends "${missing[@]}"
}

# What swift needs of Debian to compile and link, then what this package needs.
compiler_packages=(binutils git ca-certificates libc6-dev libgcc-12-dev libstdc++-12-dev libcurl4 libncurses6
    libsqlite3-0 libxml2 tzdata zlib1g-dev)
library_packages=(pkg-config libuv1-dev libssl-dev libsqlite3-dev)

toolchain() {
    command -v swift >/dev/null ||
        fail "there is no 'swift' in PATH. Install Swift 6.3 for Debian 12 (https://www.swift.org/install/linux/) and try again"
    local version
    version=$(swift --version 2>&1) || fail "'swift --version' does not run: $(printf '%s' "$version" | tail -n 1)"
    [[ $version =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || fail "'swift --version' says something else than a version: $version"
    ((BASH_REMATCH[1] > 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] >= 3))) ||
        fail "this is Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}; Rollcall needs 6.3 or newer (https://www.swift.org/install/linux/)"
}
