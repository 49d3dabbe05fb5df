#!/bin/bash
# make diagnosis: rehearses every scenario of docs/scenarios, and puts how right the diagnosis was on docs/diagnosis.md.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/build.sh release
page=docs/diagnosis.md
table=$(mktemp)
trap 'rm -f "$table"' EXIT
.build/release/rollcall rehearse docs/scenarios --table >"$table"
sed -i -e "/<!-- begin: made by make diagnosis -->/r $table" \
    -e '/<!-- begin: made by make diagnosis -->/,/<!-- end: made by make diagnosis -->/{/<!-- /!d}' "$page"
