#!/usr/bin/env bash
# How landed files are taken in: seconds, rows a second and peak memory, beside the engine's own reader on the same file.
#
#   bench/ingest.sh [gigabytes] [small files]     default 5 and 10000
#
# Makes its files in a temporary folder and removes them. Every run is a process of its own with memory_limit: 1GB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
gigabytes=${1:-5}
files=${2:-10000}
if [ -x out/strata/strata ]; then strata=("$PWD/out/strata/strata"); else strata=(dotnet "$PWD/src/Cli/bin/Release/net10.0/strata.dll"); fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >strata.yml <<'END'
name: ingest
layers:
  bronze: { engine: duckdb, schema: bronze }
END
cat >profiles.yml <<'END'
default: dev
targets:
  dev:
    duckdb: { type: duckdb, path: lake.duckdb, memory_limit: 1GB, temp_directory: spill }
END
mkdir -p models/bronze landing/csv landing/jsonl landing/small
columns='columns: [{ name: id, data_type: bigint }, { name: made_at, data_type: timestamp }, { name: customer, data_type: varchar }, { name: amount, data_type: "decimal(12,2)" }, { name: note, data_type: varchar }]'
cat >models/bronze/sources.yml <<END
sources:
  - name: landing
    tables:
      - { name: big_csv, files: { path: "landing/csv/*.csv", format: csv }, $columns }
      - { name: big_json, files: { path: "landing/jsonl/*.jsonl", format: json_lines }, $columns }
      - { name: small, files: { path: "landing/small/*.csv", format: csv }, $columns }
END
for name in big_csv big_json small; do
  echo "{{ config materialized: \"incremental\" }} select id, made_at, customer, amount, note, _source_file, _source_row from {{ source \"landing\" \"$name\" }}" >models/bronze/$name.sql
done
echo "{{ config materialized: \"table\" }} select * from read_csv('$work/landing/csv/*.csv', columns = {id: 'bigint', made_at: 'timestamp', customer: 'varchar', amount: 'decimal(12,2)', note: 'varchar'})" >models/bronze/engine_csv.sql

bytes=$((gigabytes * 1000 * 1000 * 1000))
fill='while (size < bytes) { n++; line = sprintf(format, n, 1 + n % 28, n % 24, n % 60, n % 99991, n % 100000, n % 100, n); size += length(line) + 1; print line }'
awk -v bytes="$bytes" -v format='%d,2026-11-%02d %02d:%02d:00,customer %d,%d.%02d,"a note, with a comma, of order %d and some more words to fill the line"' "BEGIN { print \"id,made_at,customer,amount,note\"; $fill }" >landing/csv/big.csv
awk -v bytes="$bytes" -v format='{"id": %d, "made_at": "2026-11-%02d %02d:%02d:00", "customer": "customer %d", "amount": %d.%02d, "note": "a note of order %d and some more words to fill it"}' "BEGIN { $fill }" >landing/jsonl/big.jsonl
for ((i = 0; i < files; i++)); do
  printf 'id,made_at,customer,amount,note\n%d,2026-11-01 00:00:00,someone,1.50,x\n%d,2026-11-01 00:00:00,someone else,2.50,y\n' $((2 * i)) $((2 * i + 1)) >landing/small/$i.csv
done
du -sh landing/* >&2

run() { # name, models...
  local name=$1
  shift
  /usr/bin/time -f "%e %M" -o time "${strata[@]}" build -q --select "$@" >/dev/null
  read -r seconds kilobytes <time
  printf '%-28s %8s s %8d MB\n' "$name" "$seconds" $((kilobytes / 1024))
}
run "$gigabytes GB of csv, the engine" engine_csv
run "$gigabytes GB of csv" big_csv
run "$gigabytes GB of json lines" big_json
run "$files small files" small
run "the same again, nothing new" small
