#!/usr/bin/env bash
# Whether the native program stands frequent collections: docs/adr/0011-conservative-collection.md.
#
#   bench/collections.sh [seconds]     by default 300
#
# Compiles a project of 10,000 models cold, again and again, several at a time so that threads are interrupted anywhere, with an allowance of 128 KB for new objects.
# Prints how many of them failed, and what they said; ends with 1 if any did. STRATA is the command to try, AT_ONCE how many run at a time (6).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strata=${STRATA:-"$root/out/native/strata"}
seconds=${1:-300}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$root/bench/large-project.sh"

compile_until() { # folder, second of the epoch
  cd "$1"
  while [ "$(date +%s)" -lt "$2" ]; do
    rm -rf target
    # shellcheck disable=SC2086 # a command with its arguments
    if $strata compile > out.txt 2>&1; then echo ok >> runs.txt; else
      echo failed >> runs.txt
      cat out.txt >> failures.txt
    fi
  done
}

export DOTNET_GCGen0MaxBudget=20000 # hexadecimal
for i in $(seq "${AT_ONCE:-6}"); do generate 10000 "$work/$i"; done
end=$(($(date +%s) + seconds))
for i in $(seq "${AT_ONCE:-6}"); do (compile_until "$work/$i" "$end") & done
wait
cat "$work"/*/failures.txt 2>/dev/null || true
count() { cat "$work"/*/runs.txt | grep -c "^$1$" || true; }
echo "$(nproc) processors, ${AT_ONCE:-6} at a time: $(count ok) compiled, $(count failed) failed"
[ "$(count failed)" = 0 ]
