#!/usr/bin/env bash
# From nothing to gold tables in Postgres: 30 days of simulated shop events, ingested, cleaned, tested and published.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
landing=project/landing/events

scripts/postgres.sh start

if [ ! -d "$landing" ]; then
  echo "simulating 30 days of events into $landing ..."
  # Into a folder beside it first: an interrupted demo must not leave half a landing zone behind.
  rm -rf "$landing.new"
  dotnet run --project project/simulators/events -c Release -- --out "$landing.new"
  mv "$landing.new" "$landing"
fi

./strata build

cat <<'END'

next: ./strata show daily_active_users     look at a gold table, in Postgres
      ./strata build                       again: nothing is new, nothing is done
      docs/guide/getting-started.md        add a model of your own
END
