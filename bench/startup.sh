#!/usr/bin/env bash
# How long strata takes to start: the native program that is released, and the one that `make setup` compiles for the shared runtime
# beside an empty .NET program that is published the same way. The budgets: 50 ms for --version, 150 ms for ls on a project of 50 models.
#
#   bench/startup.sh [runs]      default 40; medians in milliseconds, and the ratio to the empty program
#
# Uses hyperfine where it is installed, else a loop of its own that takes the commands in turns.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
runs=${1:-40}
strata=$PWD/out/strata/strata
native=$PWD/out/native/strata
empty=$PWD/out/bench/empty/EmptyProgram
project=$PWD/out/bench/fifty-models

[ -x "$strata" ] || { echo "strata is not built yet; run: make setup" >&2; exit 2; }
[ -x "$native" ] || { echo "the native program is not built yet; run: make native" >&2; exit 2; }
[ -x "$empty" ] || dotnet publish bench/EmptyProgram -c Release -o out/bench/empty -v quiet -nologo

# Fifty models in three layers, each with a description and a test, all on DuckDB.
make_project() {
  local layer upstream i
  rm -rf "$project"
  mkdir -p "$project"/models/{bronze,silver,gold}
  cat >"$project/strata.yml" <<'END'
name: fifty_models
layers:
  bronze: { engine: duckdb, schema: bronze }
  silver: { engine: duckdb, schema: silver }
  gold: { engine: duckdb, schema: gold }
END
  cat >"$project/profiles.yml" <<'END'
default: dev
targets:
  dev:
    duckdb: { type: duckdb, path: target/fifty.duckdb }
END
  for layer in bronze silver gold; do echo "models:" >"$project/models/$layer/models.yml"; done
  for i in $(seq 1 50); do
    case $((i % 3)) in
      1) layer=bronze upstream="(select $i as id)" ;;
      2) layer=silver upstream="{{ ref \"m$((i - 1))\" }}" ;;
      0) layer=gold upstream="{{ ref \"m$((i - 1))\" }}" ;;
    esac
    echo "select id, id * 2 as doubled_$i from $upstream as upstream" >"$project/models/$layer/m$i.sql"
    cat >>"$project/models/$layer/models.yml" <<END
  - name: m$i
    description: Model number $i
    columns:
      - name: id
        tests: [not_null, unique]
END
  done
}

make_project
names=("empty program" "strata --version" "strata ls (50 models)" "native: --version" "native: ls (50 models)")
commands=("$empty" "$strata --version" "$strata ls --project-dir $project" "$native --version" "$native ls --project-dir $project")
for command in "${commands[@]}"; do
  $command >/dev/null || { echo "failed: $command" >&2; exit 1; }
done

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if command -v hyperfine >/dev/null; then
  hyperfine -N --warmup 5 --runs "$runs" --export-csv "$work/all.csv" "${commands[@]}" >/dev/null 2>&1
  medians=($(tail -n +2 "$work/all.csv" | awk -F, '{ printf "%.1f\n", $(NF - 2) * 1000 }'))
else
  for ((run = -3; run < runs; run++)); do
    for i in "${!commands[@]}"; do
      from=${EPOCHREALTIME/./}
      ${commands[i]} >/dev/null </dev/null
      to=${EPOCHREALTIME/./}
      # the first three warm the caches
      [ "$run" -lt 0 ] || echo $((to - from)) >>"$work/$i"
    done
  done
  for i in "${!commands[@]}"; do medians[i]=$(median <"$work/$i" | awk '{ printf "%.1f", $1 / 1000 }'); done
fi

printf '%-24s %10s %8s %10s\n' "" "median ms" "ratio" "budget ms"
budgets=("" "" "" 50 150)
for i in "${!commands[@]}"; do
  ratio=$(awk -v a="${medians[i]}" -v b="${medians[0]}" 'BEGIN { printf "%.2f", a / b }')
  printf '%-24s %10s %8s %10s\n' "${names[i]}" "${medians[i]}" "$ratio" "${budgets[i]}"
done
