#!/usr/bin/env bash
# What an increment costs, against a full refresh of the same history, as the history grows; and what a run costs that has nothing to do.
#
#   bench/incremental.sh [duckdb|postgres] [rows ...]     by default duckdb with 1000000 10000000 50000000
#
# The fixed cost of a run is what it costs to publish two rows; it is taken off before the ratios are made.
# `full` builds a table that was not there, `again` replaces the one that stands there after the increments.
# Half of an increment is new, half corrects rows: the latest ones, or with SPREAD=1 rows that lie evenly all over the history.
# On Postgres the tables go again where psql is at hand. Old versions are kept for rollback, as everywhere; RETENTION=0 keeps none.
# Elapsed times are those of the run itself (run_results.json), of the whole process (in which DuckDB writes its file when it is closed),
# and the processor time of the process. STRATA is the command
# to measure; by default that of this repository. Postgres is the server that STRATA_PG_* lead to.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strata=${STRATA:-"dotnet $root/src/Cli/bin/Release/net10.0/strata.dll"}
engine=${1:-duckdb}
shift || true
sizes=("${@:-}")
[ -n "${sizes[0]}" ] || sizes=(1000000 10000000 50000000)
rounds=${ROUNDS:-3}
kept=${RETENTION:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/models"

cat > "$work/strata.yml" <<END
name: bench
retention: { runs: $kept }
layers:
  models: { engine: warehouse, schema: bench }
END
if [ "$engine" = postgres ]; then
  cat > "$work/profiles.yml" <<'END'
default: bench
targets:
  bench:
    warehouse:
      type: postgres
      host: '{{ env_var "STRATA_PG_HOST" }}'
      port: '{{ env_var "STRATA_PG_PORT" }}'
      user: '{{ env_var "STRATA_PG_USER" }}'
      password: '{{ env_var "STRATA_PG_PASSWORD" "" }}'
      database: '{{ env_var "STRATA_PG_DATABASE" "postgres" }}'
END
  series='generate_series(cast(FROM as bigint), cast(TO as bigint) - 1) as t(i)'
else
  printf 'default: bench\ntargets:\n  bench:\n    warehouse: { type: duckdb, path: history.duckdb }\n' > "$work/profiles.yml"
  series='range(cast(FROM as bigint), cast(TO as bigint)) as t(i)'
fi
between() { sed "s/FROM/$1/; s/TO/$2/" <<< "$series"; }

cat > "$work/models/events.sql" <<END
{{ config materialized: "incremental" unique_key: ["id"] }}
{{ if is_incremental }}
select id, cast(id % 1000 as integer) as user_id, 'event ' || (id % 7) as kind, cast({{ var "round" }} as bigint) as amount,
    '/products/' || (id % 5000) as page
from (
    select {{ var "first" }} + i * {{ var "step" }} as id from $(between 0 '{{ var "half" }}')
    union all
    select i as id from $(between '{{ var "next" }}' '{{ var "next" }} + {{ var "half" }}')
) as delta
{{ else }}
select i as id, cast(i % 1000 as integer) as user_id, 'event ' || (i % 7) as kind, i as amount, '/products/' || (i % 5000) as page
from $(between 0 '{{ var "rows" }}')
{{ end }}
END

run() { # vars, further arguments -> seconds of the run, of the process, of processor time
  local vars=$1 TIMEFORMAT='%R %U %S'
  shift
  { time $strata run --project-dir "$work" --vars "$vars" "$@" > "$work/out.txt" 2>&1; } 2> "$work/time.txt" ||
    { cat "$work/out.txt" >&2; exit 1; }
  echo "$(sed -n 's/.*"elapsed_time": *\([0-9.e-]*\),*/\1/p' "$work/target/run_results.json" | tail -n 1)" \
    "$(awk '{ print $1, $2 + $3 }' "$work/time.txt")"
}
median() { # field, lines -> the middle one of that field
  local field=$1
  shift
  printf '%s\n' "$@" | awk -v field="$field" '{ print $field }' | sort -g | sed -n "$((($# + 1) / 2))p"
}

echo "$(nproc) processors, $engine, corrections $([ -n "${SPREAD:-}" ] && echo all over the history || echo of the latest rows), old versions of $kept runs kept, median of $rounds; load $(cut -d' ' -f1 /proc/loadavg)"
echo "run: its elapsed time; process: from its start to its end; processor: its own, in which Postgres' is not"
printf '%12s %-10s %10s %10s %10s %10s %10s %10s %12s %12s %12s\n' rows '' full again no-op '2 rows' '10k rows' '1%' '10k/full' '1%/full' '1%/again'
for rows in "${sizes[@]}"; do
  rm -f "$work"/history.duckdb*
  # on Postgres each size is a table of its own, so that a full refresh builds it from nothing
  schema=bench_${rows}_$$
  sed -i "s/schema: .* }/schema: $schema }/" "$work/strata.yml"
  vars() { # round, half of the increment, first new id
    local first=$(($3 - $2)) step=1
    if [ -n "${SPREAD:-}" ]; then first=0 step=$((rows / $2)); fi
    echo "{rows: $rows, round: $1, half: $2, next: $3, first: $first, step: $step}"
  }
  full=("$(run "$(vars 0 $((rows / 200)) "$rows")" --full-refresh)")
  next=$rows
  idle=() least=() few=() one=()
  for round in $(seq "$rounds"); do
    last="$(vars "$round" $((rows / 200)) $next)"
    one+=("$(run "$last")")
    next=$((next + rows / 200))
    idle+=("$(run "$last")")
    few+=("$(run "$(vars "$((round + 100))" 5000 $next)")")
    next=$((next + 5000))
    least+=("$(run "$(vars "$((round + 200))" 1 $next)")")
    next=$((next + 1))
  done
  # the same rows as at first, over the increments: what replaces a history that stands there already
  again=("$(run "$(vars 0 $((rows / 200)) "$rows")" --full-refresh)")
  for field in 1 2 3; do
    # what a run costs that publishes next to nothing is the fixed cost; the rest is what the rows cost
    awk -v rows="$rows" -v what="$(cut -d' ' -f$field <<< 'run process processor')" -v full="$(median $field "${full[@]}")" \
      -v again="$(median $field "${again[@]}")" -v idle="$(median $field "${idle[@]}")" -v least="$(median $field "${least[@]}")" \
      -v few="$(median $field "${few[@]}")" -v one="$(median $field "${one[@]}")" 'BEGIN {
        printf "%12d %-10s %9.2fs %9.2fs %9.2fs %9.2fs %9.2fs %9.2fs %11.1f%% %11.1f%% %11.1f%%\n", rows, what, full, again, idle, least, few, one,
          100 * (few - least) / full, 100 * (one - least) / full, 100 * (one - least) / again }'
  done
  if [ "$engine" = postgres ] && command -v psql >/dev/null; then
    PGHOST=$STRATA_PG_HOST PGPORT=$STRATA_PG_PORT PGUSER=$STRATA_PG_USER PGPASSWORD=${STRATA_PG_PASSWORD:-} \
      PGDATABASE=${STRATA_PG_DATABASE:-postgres} psql -q -c "drop schema $schema cascade" 2>/dev/null
  fi
done
