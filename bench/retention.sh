#!/usr/bin/env bash
# What keeping old versions costs a publish: the same runs with and without retention, in turns, as a ratio of the
# seconds that each node's publish took.
#
#   bench/retention.sh [rounds] [rows on DuckDB] [rows on Postgres]
#
# Needs STRATA_PG_* (eval "$(scripts/postgres.sh start)") and a built src/Cli.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-5} duck=${2:-2000000} pg=${3:-200000}
strata=${STRATA:-dotnet $PWD/src/Cli/bin/Release/net10.0/strata.dll}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_project() { # name, retention
  mkdir -p "$work/$1/models/silver" "$work/$1/models/gold"
  cat >"$work/$1/strata.yml" <<END
name: $1
retention: { runs: $2 }
vars: { round: 0 }
layers:
  silver: { engine: duckdb, schema: silver }
  gold: { engine: postgres, schema: gold_$1 }
END
  cat >"$work/$1/profiles.yml" <<'END'
default: dev
targets:
  dev:
    duckdb: { type: duckdb, path: lake.duckdb }
    postgres:
      type: postgres
      host: '{{ env_var "STRATA_PG_HOST" }}'
      port: '{{ env_var "STRATA_PG_PORT" }}'
      user: '{{ env_var "STRATA_PG_USER" }}'
      password: '{{ env_var "STRATA_PG_PASSWORD" }}'
      database: '{{ env_var "STRATA_PG_DATABASE" }}'
END
  cat >"$work/$1/models/silver/swapped.sql" <<END
{{ config materialized: "table" }}
select range as id, range % 97 as a, case when range % 100 = 0 then {{ var "round" }} else 0 end as b, 'row ' || range as t
from range($duck)
END
  cat >"$work/$1/models/silver/merged.sql" <<END
{{ config materialized: "incremental" unique_key: ["id"] }}
select range as id, range % 97 as a, {{ var "round" }} as b, 'row ' || range as t
from range({{ if is_incremental }} $((duck / 100)) {{ else }} $duck {{ end }})
END
  cat >"$work/$1/models/gold/in_place.sql" <<END
{{ config materialized: "table" unique_key: ["id"] }}
select i as id, i % 97 as a, case when i % 100 = 0 then {{ var "round" }} else 0 end as b, 'row ' || i as t
from generate_series(1, $pg) as i
END
  cat >"$work/$1/models/gold/rewritten.sql" <<END
{{ config materialized: "table" unique_key: ["id"] }}
select i as id, i % 97 as a, {{ var "round" }} as b, 'row ' || i as t
from generate_series(1, $pg) as i
END
}

make_project kept 3
make_project plain 0
for round in $(seq 0 "$rounds"); do
  for project in kept plain; do
    (cd "$work/$project" && $strata build --json --threads 1 --vars "{round: $round}") >"$work/$project.$round.json"
  done
done
python3 - "$work" "$rounds" <<'END'
import json, statistics, sys
work, rounds = sys.argv[1], int(sys.argv[2])
def seconds(project):
    found = {}
    # the first round builds from nothing
    for round in range(1, rounds + 1):
        for line in open(f"{work}/{project}.{round}.json"):
            event = json.loads(line)
            if "publish" in event.get("phases", {}):
                found.setdefault(event["name"], []).append(event["phases"]["publish"])
    return found
kept, plain = seconds("kept"), seconds("plain")
print(f"{'publish of':12} {'kept':>8} {'plain':>8} {'ratio':>6}")
for node in sorted(kept):
    a, b = statistics.median(kept[node]), statistics.median(plain[node])
    print(f"{node:12} {a:7.3f}s {b:7.3f}s {a / b:6.2f}")
END
