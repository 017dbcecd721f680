#!/usr/bin/env bash
# A private Postgres for development and tests: own data folder, loopback only, free port, no password.
#
#   scripts/postgres.sh start     start it (does nothing when it runs) and write .local/postgres/env
#   scripts/postgres.sh stop      stop it; the data stays
#   scripts/postgres.sh remove    stop it and delete the data
#   scripts/postgres.sh status    say whether it runs (exit code 0 or 1)
#   scripts/postgres.sh env       print the variables that lead to it: KEY=VALUE, one on a line
#
# A server of your own: set STRATA_PG_HOST, STRATA_PG_PORT, STRATA_PG_USER, STRATA_PG_PASSWORD and STRATA_PG_DATABASE.
# "start" then starts nothing and only checks that it answers.
#
# Also read: STRATA_PG_HOME  where env, log and data go (default .local/postgres)
#            STRATA_PG_BIN   the folder of initdb, pg_ctl and postgres, when they are in none of the usual places
#            STRATA_PG_OWNER a process id: the server is removed when that process has gone (used by the tests)
#            STRATA_PG_OPTIONS more options for the server: "-c name=value ..."
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=${STRATA_PG_HOME:-$root/.local/postgres}
env_file=$home/env
data_pointer=$home/data-folder
log_name=postgres.log

say() { printf '%s\n' "postgres: $*" >&2; }
fail() { say "$@"; exit 2; }

# --- the installed binaries -------------------------------------------------------------------------------------------

find_binaries() {
  local folder
  for folder in "${STRATA_PG_BIN:-}" \
    $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) \
    /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    "$(dirname "$(command -v postgres || echo /nowhere/postgres)")"; do
    if [ -n "$folder" ] && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ]; then
      printf '%s' "$folder"
      return 0
    fi
  done
  return 1
}

need_binaries() {
  bin=$(find_binaries) && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "not installed; installing Debian's package 'postgresql'"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -q --no-install-recommends postgresql ||
      { apt-get update -q && apt-get install -y -q --no-install-recommends postgresql; }; } >&2 </dev/null ||
      fail "apt-get could not install it"
    bin=$(find_binaries) && return 0
  fi
  say "PostgreSQL is not installed. Install it with this command, or set STRATA_PG_HOST and its friends to a server of yours:"
  if command -v apt-get >/dev/null; then
    say "  sudo apt-get install postgresql"
  elif command -v brew >/dev/null; then
    say "  brew install postgresql@17"
  elif command -v dnf >/dev/null; then
    say "  sudo dnf install postgresql-server"
  else
    say "  (your system's package of the PostgreSQL 15 server, or a newer one)"
  fi
  exit 2
}

# Postgres refuses to run as root; Debian's package brings a user for it.
as_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif command -v runuser >/dev/null; then
    (cd / && runuser -u postgres -- "$@")
  else
    (cd / && su postgres -s /bin/sh -c 'exec "$0" "$@"' -- "$@")
  fi
}

owner() { if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi; }

# --- where the data goes ----------------------------------------------------------------------------------------------

# A folder of the owner's own at "$1"; fails where the owner cannot get to it, as below /root.
usable() {
  mkdir -p "$(dirname "$1")" 2>/dev/null || return 1
  [ -d "$1" ] || mkdir -m 700 "$1" 2>/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then chown postgres "$1" || return 1; fi
  as_owner test -O "$1" -a -w "$1" -a -x "$1" 2>/dev/null
}

choose_data_folder() {
  local name
  if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
    fail "it refuses to run as root, and there is no user 'postgres' to run it as; run this as another user"
  fi
  if [ -f "$data_pointer" ]; then
    data=$(cat "$data_pointer")
    usable "$data" && return 0
  fi
  name=strata-pg-$(printf '%s' "$home" | cksum | cut -d' ' -f1)
  for data in "$home/data" "${TMPDIR:-/tmp}/$name" "/tmp/$name"; do
    if usable "$data"; then
      printf '%s\n' "$data" >"$data_pointer"
      return 0
    fi
    rmdir "$data" 2>/dev/null || true
  done
  fail "found no folder for the data that user '$(owner)' can reach"
}

# --- state ------------------------------------------------------------------------------------------------------------

data_of_ours() { [ -f "$data_pointer" ] && data=$(cat "$data_pointer") && [ -f "$data/PG_VERSION" ]; }
running() { data_of_ours && bin=$(find_binaries) && as_owner "$bin/pg_ctl" status -D "$data" >/dev/null 2>&1; }

# Variables that were read from our own env file do not make it somebody else's server.
given_from_outside() {
  [ -n "${STRATA_PG_HOST:-}" ] || return 1
  ! { [ -f "$env_file" ] && grep -qx "STRATA_PG_HOST=$STRATA_PG_HOST" "$env_file" &&
    grep -qx "STRATA_PG_PORT=${STRATA_PG_PORT:-5432}" "$env_file"; }
}

answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

write_env() {
  cat >"$env_file.new" <<END
STRATA_PG_HOST=127.0.0.1
STRATA_PG_PORT=$1
STRATA_PG_USER=strata
STRATA_PG_PASSWORD=strata
STRATA_PG_DATABASE=strata
END
  mv "$env_file.new" "$env_file"
}

# --- commands ---------------------------------------------------------------------------------------------------------

initialise() {
  [ -f "$data/PG_VERSION" ] && return 0
  as_owner "$bin/initdb" -D "$data" -U strata -A trust --locale=C --encoding=UTF8 --no-sync --no-instructions >/dev/null ||
    fail "initdb failed in $data"
}

launch() {
  local port attempt
  # Durability against a crash of the machine is not wanted here; a killed server still recovers.
  local options="-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off"
  options+=" -c synchronous_commit=off -c max_connections=200 -c shared_buffers=128MB -c max_wal_size=2GB"
  options+=" -c timezone=UTC -c log_timezone=UTC ${STRATA_PG_OPTIONS:-}"
  for attempt in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    answers 127.0.0.1 "$port" && continue
    if as_owner "$bin/pg_ctl" start -s -w -t 60 -D "$data" -l "$data/$log_name" -o "$options -p $port" >/dev/null 2>&1 </dev/null 9>&-; then
      write_env "$port"
      return 0
    fi
    grep -qi 'could not bind\|address already in use' "$data/$log_name" || break
  done
  as_owner tail -n 20 "$data/$log_name" >&2 || true
  fail "it did not start; its log is $data/$log_name"
}

start() {
  if given_from_outside; then
    answers "$STRATA_PG_HOST" "${STRATA_PG_PORT:-5432}" ||
      fail "nothing answers at $STRATA_PG_HOST:${STRATA_PG_PORT:-5432}, where STRATA_PG_HOST and STRATA_PG_PORT point"
    say "using the server given at $STRATA_PG_HOST:${STRATA_PG_PORT:-5432}"
    return 0
  fi
  mkdir -p "$home"
  if command -v flock >/dev/null; then
    exec 9>"$home/lock"
    flock 9
  fi
  if running; then
    # The fourth line of postmaster.pid is the port; our env file may have been deleted.
    [ -f "$env_file" ] || write_env "$(as_owner sed -n 4p "$data/postmaster.pid")"
    say "already running ($(grep PORT "$env_file"))"
    return 0
  fi
  need_binaries
  choose_data_folder
  initialise
  launch
  create_database
  if [ -n "${STRATA_PG_OWNER:-}" ]; then
    nohup "${BASH_SOURCE[0]}" remove-after "$STRATA_PG_OWNER" >/dev/null 2>&1 </dev/null 9>&- &
  fi
  say "started on 127.0.0.1 ($(grep PORT "$env_file"))"
}

create_database() {
  local port
  port=$(sed -n 's/^STRATA_PG_PORT=//p' "$env_file")
  [ "$("$bin/psql" -X -h 127.0.0.1 -p "$port" -U strata -d postgres -Atc "select count(*) from pg_database where datname = 'strata'")" = 1 ] ||
    "$bin/createdb" -h 127.0.0.1 -p "$port" -U strata strata
}

stop() {
  if running; then
    as_owner "$bin/pg_ctl" stop -s -w -m fast -D "$data" >/dev/null || fail "it did not stop; its data is in $data"
    say "stopped"
  fi
  rm -f "$env_file"
}

remove() {
  stop
  if [ -f "$data_pointer" ]; then rm -rf "$(cat "$data_pointer")"; fi
  rm -rf "$home"
}

status() {
  if running; then
    echo "running ($(grep PORT "$env_file"); data in $data)"
  else
    echo "not running"
    return 1
  fi
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  remove) remove ;;
  status) status ;;
  env) if [ -f "$env_file" ]; then cat "$env_file"; else fail "not started; run: scripts/postgres.sh start"; fi ;;
  find) find_binaries && echo ;; # internal: whether a server is installed
  remove-after) # internal: outlives the process that started the server, so that a killed test run leaves nothing behind
    while kill -0 "$2" 2>/dev/null; do sleep 1; done
    remove
    ;;
  *) sed -n '2,/^set -e/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
