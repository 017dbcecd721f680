#!/usr/bin/env bash
# The crash suite, all of it: every failpoint, every time it is reached; readers; restarts of Postgres. It takes its time.
# STRATA_CRASH_SEED repeats what a shorter run (make test) had chosen.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p out
export STRATA_CRASH=all STRATA_CRASH_BINARY=$PWD/out/strata/strata STRATA_CRASH_FIGURES=$PWD/out/crash-figures.txt
rm -f "$STRATA_CRASH_FIGURES"
STRATA_TEST_PATIENCE=${STRATA_TEST_PATIENCE:-120m} scripts/test.sh Crash
awk '{ kills += $1; reads += $2; restarts += $3 }
  END { printf "%d kills, %d reads, %d restarts: all equal\n", kills, reads, restarts }' "$STRATA_CRASH_FIGURES"
