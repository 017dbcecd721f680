#!/usr/bin/env bash
# The crash suite, all of it: every failpoint, every time it is reached; readers; races; full disks; restarts of Postgres; and kills
# of the reference project at any moment.
# STRATA_CRASH_SEED repeats the order in which a run of it (also of make test) has killed. STRATA_PROGRAM names the program
# that is killed: what make setup has built, or out/native/strata.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p out
export STRATA_CRASH=all STRATA_PROGRAM=${STRATA_PROGRAM:-out/strata/strata} STRATA_CRASH_FIGURES=$PWD/out/crash-figures.txt
rm -f "$STRATA_CRASH_FIGURES"
STRATA_TEST_PATIENCE=${STRATA_TEST_PATIENCE:-120m} FILTER=FullyQualifiedName~Crash scripts/test.sh Crash ReferenceProject.Tests
awk -v seconds=$SECONDS '{ kills += $1; failures += $2; reads += $3; restarts += $4; full += $5; races += $6 }
  END { printf "%d kills, %d failures, %d reads, %d restarts of Postgres, %d full disks, %d races in %d s: all equal\n",
    kills, failures, reads, restarts, full, races, seconds }' "$STRATA_CRASH_FIGURES"
