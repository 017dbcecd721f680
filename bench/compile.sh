#!/usr/bin/env bash
# What it costs to compile a large project: cold, again with nothing changed, and with one file changed.
#
#   bench/compile.sh [models ...]     by default 10000
#
# Models of 32 lines in folders of a hundred, each with a `config`, three refs and a macro call; a folder's YAML file describes them, with two tests each (TESTS='[]': with none).
# Beside it what `cat` takes to read all files, and `cp` to copy what is written. Median of 5 runs; memory is the process' peak. STRATA is the command to measure.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strata=${STRATA:-"dotnet $root/src/Cli/bin/Release/net10.0/strata.dll"}
sizes=("${@:-10000}")
rounds=${ROUNDS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. "$root/bench/large-project.sh"

measure() { # command ... -> seconds, processor seconds, peak in MB
  /usr/bin/time -f '%e %U %S %M' -o "$work/time.txt" "$@" > "$work/out.txt" 2>&1 || { cat "$work/out.txt" >&2; exit 1; }
  awk '{ printf "%s %.2f %.0f\n", $1, $2 + $3, $4 / 1024 }' "$work/time.txt"
}
median() { printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"; }

echo "$(nproc) processors, median of $rounds; load $(cut -d' ' -f1 /proc/loadavg)"
printf '%8s %-28s %10s %12s %10s\n' models '' seconds processor memory
for models in "${sizes[@]}"; do
  project=$work/$models
  generate "$models" "$project"
  show() { # name, command ...
    local name=$1 all=()
    shift
    for _ in $(seq "$rounds"); do all+=("$("$@")"); done
    local middle
    middle=$(median "${all[@]}")
    read -r seconds processor memory <<< "$middle"
    printf '%8d %-28s %9.2fs %11.2fs %7d MB\n' "$models" "$name" "$seconds" "$processor" "$memory"
  }
  cold() { rm -rf "$project/target"; measure $strata compile --project-dir "$project"; }
  again() { measure $strata compile --project-dir "$project"; }
  touched() { echo "-- $RANDOM" >> "$project/models/area_000/m_00050.sql"; measure $strata compile --project-dir "$project"; }
  listed() { measure $strata ls --project-dir "$project"; }
  show 'compile, cold' cold
  show 'compile, nothing changed' again
  show 'compile, one file changed' touched
  listed > /dev/null
  show 'ls, nothing changed' listed
  show 'cat, all files of the project' measure bash -c "cat $project/models/*/* > /dev/null"
  show 'cp, all that is written' measure bash -c "rm -rf $work/copy; cp -r $project/target $work/copy"
done
