#!/usr/bin/env bash
# What an increment costs where the data are real: the invoices of a shop (a year, one compressed file a day), taken in as they land, cleaned
# on DuckDB and published to Postgres, against a full refresh of all of it.
#
#   bench/retail.sh [shops ...]     by default 2 and 20: about 1,000,000 and 10,000,000 rows
#
# Each shop lands the same files. An increment is 1 % of the rows: a new day, and one of the spring that is delivered again with other prices in each third
# line. Old versions are kept for rollback, as everywhere. The fixed cost of a run is what it costs to
# take in a file of two rows; it is taken off before the ratios are made. Of each model stands its own time, too (--threads 1). `again` is a full
# refresh of what is there already, and an increment stands beside either. With ORDERED=1 the model that is merged on DuckDB ends in `order by` its
# key, so that the rows of neighbouring keys lie together.
#
# Needs STRATA_PG_* (eval "$(scripts/postgres.sh start)"), the corpora (STRATA_CORPORA, by default ../shared), and the program (STRATA, by
# default the built src/Cli).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strata=${STRATA:-"dotnet $root/src/Cli/bin/Release/net10.0/strata.dll"}
case $strata in /* | *" "*) ;; */*) strata=$PWD/$strata ;; esac
days=${STRATA_CORPORA:-$root/../shared}/data/sales/online_retail
if [ ! -d "$days" ]; then
  echo "skipped: there is no $days (STRATA_CORPORA names the folder of the corpora)"
  exit 0
fi
sizes=("$@")
[ $# -gt 0 ] || sizes=(2 20)
rounds=${ROUNDS:-3}
ordered=${ORDERED:-}
work=$(mktemp -d)
server() {
  PGPASSWORD=${STRATA_PG_PASSWORD:-} psql -q -h "$STRATA_PG_HOST" -p "$STRATA_PG_PORT" -U "$STRATA_PG_USER" -d "${STRATA_PG_DATABASE:-postgres}" -c "$1"
}
# each size has a database of its own
database=strata_retail_$$
trap 'server "drop database if exists $database" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

make_project() {
  mkdir -p "$work/models/bronze" "$work/models/silver" "$work/models/gold"
  cat >"$work/strata.yml" <<YML
name: retail
layers:
  bronze: { engine: duckdb, schema: bronze }
  silver: { engine: duckdb, schema: silver }
  gold: { engine: postgres, schema: gold }
YML
  cat >"$work/profiles.yml" <<YML
default: dev
targets:
  dev:
    duckdb: { type: duckdb, path: lake.duckdb }
    postgres:
      type: postgres
      host: '{{ env_var "STRATA_PG_HOST" }}'
      port: '{{ env_var "STRATA_PG_PORT" }}'
      user: '{{ env_var "STRATA_PG_USER" }}'
      password: '{{ env_var "STRATA_PG_PASSWORD" "" }}'
      database: $database
YML
  cat >"$work/models/bronze/sources.yml" <<'YML'
sources:
  - name: landing
    tables:
      - name: invoices
        files: { path: "landing/shop=*/day=*/*.csv.gz", format: csv, hive_partitions: true }
        columns:
          - { name: InvoiceNo, data_type: varchar }
          - { name: StockCode, data_type: varchar }
          - { name: Description, data_type: varchar }
          - { name: Quantity, data_type: varchar }
          - { name: InvoiceDate, data_type: varchar }
          - { name: UnitPrice, data_type: varchar }
          - { name: CustomerID, data_type: varchar }
          - { name: Country, data_type: varchar }
YML
  cat >"$work/models/bronze/invoices.sql" <<'SQL'
{{ config materialized: "incremental" incremental_strategy: "append" }}
select InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country, shop, day, _source_file, _source_row, _batch_id
from {{ source "landing" "invoices" }}
SQL
  cat >"$work/models/silver/invoice_lines.sql" <<'SQL'
{{ config materialized: "incremental" incremental_strategy: "merge" unique_key: ["line_id"] }}
select
    cast(shop as bigint) * 100000000000 + cast(strftime(cast(day as date), '%Y%j') as bigint) * 10000 + _source_row as line_id,
    cast(shop as integer) as shop,
    cast(day as date) as invoice_day,
    upper(trim(InvoiceNo)) as invoice_no,
    upper(trim(StockCode)) as stock_code,
    nullif(trim(Description), '') as description,
    try_cast(Quantity as integer) as quantity,
    try_cast(InvoiceDate as timestamp) as invoiced_at,
    try_cast(UnitPrice as decimal(12, 3)) as unit_price,
    try_cast(try_cast(CustomerID as double) as integer) as customer_id,
    Country as country,
    starts_with(InvoiceNo, 'C') as is_cancellation,
    cast(try_cast(Quantity as integer) * try_cast(UnitPrice as decimal(12, 3)) as decimal(18, 3)) as amount
from {{ changes "invoices" }}
where _change = 'insert'
qualify row_number() over (partition by shop, day, _source_row order by _batch_id desc, _source_file desc) = 1
SQL
  [ -z "$ordered" ] || echo 'order by line_id' >>"$work/models/silver/invoice_lines.sql"
  cat >"$work/models/gold/fct_sales.sql" <<'SQL'
{{ config materialized: "incremental" incremental_strategy: "merge" unique_key: ["line_id"] }}
select line_id, shop, invoice_day, invoice_no, stock_code, description, quantity, invoiced_at, unit_price, customer_id, country, is_cancellation, amount
from {{ changes "invoice_lines" }}
where _change <> 'delete'
SQL
  cat >"$work/models/gold/daily_sales.sql" <<'SQL'
{{ config materialized: "incremental" incremental_strategy: "merge" unique_key: ["shop", "invoice_day"] }}
select shop, invoice_day, count(*) as lines, count(distinct invoice_no) as invoices, sum(amount) as amount
from {{ ref "fct_sales" }}
{{ if is_incremental }}
where (shop, invoice_day) in (select shop, invoice_day from {{ changes "fct_sales" }})
{{ end }}
group by shop, invoice_day
SQL
}

day_of() { sed 's|.*year=\([0-9]*\)/month=\([0-9]*\)/day=\([0-9]*\)/.*|\1-\2-\3|' <<<"$1"; }
land() { # file, name of the copy
  local day
  day=$(day_of "$1")
  for shop in $(seq "$shops"); do
    mkdir -p "$work/landing/shop=$shop/day=$day"
    cp "$1" "$work/landing/shop=$shop/day=$day/$2.csv.gz"
  done
}
correct() { # file: every third line costs a cent more
  zcat "$1" | python3 -c '
import csv, sys
rows = csv.reader(sys.stdin)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(next(rows))
for number, row in enumerate(rows):
    if number % 3 == 0:
        row[5] = f"{float(row[5]) + 0.01:.3f}"
    out.writerow(row)' | gzip -n >"$work/corrected.csv.gz"
}
build() { # what it is, further arguments
  local name=$1
  shift
  (cd "$work" && $strata build --json --threads 1 "$@" >"$work/$name.json") || { cat "$work/$name.json" >&2; exit 1; }
  sed -n 's/.*"elapsed_time": *\([0-9.e-]*\),*/\1/p' "$work/target/run_results.json" | tail -n 1 >"$work/$name.elapsed"
}

make_project
mapfile -t files < <(find "$days" -name '*.csv.gz' | sort)
echo "$(nproc) processors, median of $rounds${ordered:+, in the order of the key}; load $(cut -d' ' -f1 /proc/loadavg)"
for shops in "${sizes[@]}"; do
  rm -rf "$work/landing" "$work"/lake.duckdb* "$work"/*.json "$work"/*.elapsed "$work/target"
  server "drop database if exists $database" 2>/dev/null
  server "create database $database"
  first=$((${#files[@]} - rounds))
  for file in "${files[@]:0:first}"; do land "$file" first; done
  build full --full-refresh
  for round in $(seq "$rounds"); do
    land "${files[first + round - 1]}" first
    again=${files[90 + 10 * round]}
    correct "$again"
    day=$(day_of "$again")
    for shop in $(seq "$shops"); do cp "$work/corrected.csv.gz" "$work/landing/shop=$shop/day=$day/again.csv.gz"; done
    build "one.$round"
    build "idle.$round"
    mkdir -p "$work/landing/shop=0/day=2012-01-0$round"
    { zcat "${files[0]}" || true; } 2>/dev/null | sed -n 1,3p | gzip -n >"$work/landing/shop=0/day=2012-01-0$round/first.csv.gz"
    build "least.$round"
  done
  build again --full-refresh
  python3 - "$work" "$rounds" <<'PY'
import json, statistics, sys
work, rounds = sys.argv[1], int(sys.argv[2])
def runs(name):
    return [name] if name in ("full", "again") else [f"{name}.{round}" for round in range(1, rounds + 1)]
def nodes(run):
    found = {}
    for line in open(f"{work}/{run}.json"):
        event = json.loads(line)
        if "phases" in event:
            found[event["name"]] = (event["seconds"], event.get("rows") or {})
    return found
def elapsed(run):
    return float(open(f"{work}/{run}.elapsed").read())
kinds = ["full", "again", "idle", "least", "one"]
table = {"whole run": {kind: statistics.median(elapsed(run) for run in runs(kind)) for kind in kinds}}
for node in nodes("full"):
    table[node] = {kind: statistics.median(nodes(run).get(node, (0, {}))[0] for run in runs(kind)) for kind in kinds}
rows = nodes("full")["invoices"][1]["in"]
more = nodes("one.1")["invoices"][1]["in"]
print(f"{rows:,} rows; increments of about {more:,} ({100 * more / rows:.1f} %)")
print(f"{'':26} {'full':>9} {'again':>9} {'no-op':>9} {'2 rows':>9} {'1 %':>9} {'1 % / full':>11} {'1 % / again':>12}")
for name, found in table.items():
    more = found["one"] - found["least"]
    print(f"{name:26} {found['full']:8.2f}s {found['again']:8.2f}s {found['idle']:8.2f}s {found['least']:8.2f}s {found['one']:8.2f}s {100 * more / found['full']:10.1f}% {100 * more / found['again']:11.1f}%")
PY
done
