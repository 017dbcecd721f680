#!/usr/bin/env bash
# From nothing to gold tables in Postgres: 30 days of simulated shop events, ingested, cleaned, tested and published.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
landing=project/landing/events

scripts/postgres.sh start

# The stamp comes last, so that an interrupted demo does not leave half a landing zone behind for the next one.
if [ ! -f project/landing/.complete ]; then
  echo "simulating 30 days of events ..."
  rm -rf "$landing"
  dotnet run --project project/simulators/events -c Release -- --out "$landing"
  touch project/landing/.complete
fi

./strata build

cat <<'END'

next: ./strata show daily_active_users     look at a gold table, in Postgres
      ./strata build                       again: nothing is new, nothing is done
      docs/guide/getting-started.md        add a model of your own
END
