#!/bin/bash
# make soak: random trouble in virtual time, with fresh seeds. A failure names its seed; SEED=… lives it again.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/build.sh release
exec .build/release/rollcall rehearse ${SEED:+--seed "$SEED"} --seeds "${SEEDS:-20}" --span "${SPAN:-7d}" \
    --agents "${AGENTS:-200}" --every "${EVERY:-10m}"
