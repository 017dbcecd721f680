#!/usr/bin/env bash
# Everything that must hold before a change is merged: formatting, a build without warnings, all tests on real engines.
#
#   scripts/test.sh              all test projects
#   scripts/test.sh EndToEnd     those of tests/ that are named
#
# FILTER selects tests, as --filter of dotnet test does. The last line is "N passed, N failed, N skipped", over all projects.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_UI_LANGUAGE=en
config=${CONFIG:-Release}
results=$PWD/out/test-results

# One at a time in a folder: they build and write in the same places. (flock holds the lock itself, so that a compiler that stays
# in the background does not.)
if [ -z "${STRATA_TEST_LOCK:-}" ] && command -v flock >/dev/null; then
  mkdir -p out
  export STRATA_TEST_LOCK=$PWD/out/test.lock
  flock -n "$STRATA_TEST_LOCK" true || echo "another scripts/test.sh is at work in this folder; this one begins when it has ended" >&2
  exec flock -o "$STRATA_TEST_LOCK" scripts/test.sh "$@"
fi
started=$SECONDS

step() { printf '== %s (%ss)\n' "$1" $((SECONDS - started)); }
give_up() {
  printf '%s\n' "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

if [ $# = 0 ]; then
  step "formatting"
  dotnet tool restore >/dev/null || give_up "the tools of .config/dotnet-tools.json could not be restored"
  dotnet csharpier check . || give_up "some files are not formatted; run: make fmt"
fi

step "build"
if [ $# = 0 ]; then projects=(Sql.sln); else projects=("${@/#/tests/}"); fi
for project in "${projects[@]}"; do
  dotnet build "$project" -c "$config" -v quiet -nologo -warnaserror -clp:NoSummary || give_up "the build failed"
done

assemblies=()
# those that take longest first, so that no processor waits for the last one
for project in tests/{Crash,Runner.Tests,EndToEnd,ReferenceProject.Tests}/*.csproj tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  if [ $# != 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  assembly=tests/$name/bin/$config/net10.0/Strata.$name.dll
  [[ " ${assemblies[*]} " != *" $assembly "* ]] || continue
  [ -f "$assembly" ] || give_up "$project was not built: is it in Sql.sln?"
  # not a test project, but something that they share
  [ -f "$(dirname "$assembly")/xunit.runner.visualstudio.testadapter.dll" ] || continue
  assemblies+=("$assembly")
done
[ ${#assemblies[@]} != 0 ] || give_up "no test project is named: $*"

if [[ -z ${STRATA_PROGRAM:-} && "${assemblies[*]}" =~ tests/(Crash|ReferenceProject) ]]; then
  step "the program that tests start, compiled ahead of time"
  make -s setup CONFIG="$config" || give_up "the program could not be published"
  export STRATA_COMPILED=$PWD/out/strata/strata
  # What is published is what is tested; and not every test project need compile it again while it runs.
  for assembly in "${assemblies[@]}"; do
    for published in out/strata/*.dll; do
      built=$(dirname "$assembly")/$(basename "$published")
      [ ! -f "$built" ] || cp --remove-destination "$published" "$built"
    done
  done
fi

# Every commit waits for the disk, and there are tens of thousands: in memory, where there is room, nobody waits.
fast=/dev/shm
if [ -z "${TMPDIR:-}" ] && [ -w "$fast" ] && [ "$(df -Pm "$fast" | awk 'NR == 2 { print $4 }')" -ge 4096 ]; then export TMPDIR=$fast; fi

step "postgres"
# One server for all projects, not the one that `make demo` works with. Its databases live for seconds: nobody need tidy them up.
export STRATA_PG_HOME=${TMPDIR:-/tmp}/strata-test-postgres-$$ STRATA_PG_OWNER=$$ STRATA_PG_OPTIONS="-c autovacuum=off -c jit=off"
remove_postgres() { trap - EXIT && scripts/postgres.sh remove 2>/dev/null; }
if [ -z "${STRATA_PG_HOST:-}" ]; then
  trap remove_postgres EXIT
  scripts/postgres.sh start || give_up "the tests need a Postgres"
  set -a
  . "$STRATA_PG_HOME/env"
  set +a
else
  remove_postgres() { :; }
  scripts/postgres.sh start || give_up "the tests need a Postgres"
fi

step "tests"
# Processes that are killed would leave the sockets behind on which a debugger could find them.
export DOTNET_EnableDiagnostics=0
rm -rf "$results"
# Most of what tests call, they call a few times: the compiler at run time comes back only to what is called a thousand times.
export DOTNET_TC_CallCountThreshold=${DOTNET_TC_CallCountThreshold:-400}
status=0
# A test that hangs is ended after five minutes, by name. Each project keeps the processors busy by itself: more projects at a
# time than there are processors are no quicker.
dotnet test "${assemblies[@]}" --parallel --nologo --blame-hang-timeout "${STRATA_TEST_PATIENCE:-5m}" --blame-hang-dump-type none --results-directory "$results" --logger "trx;LogFileName=all.trx" \
  --logger "console;verbosity=minimal" ${FILTER:+--filter "$FILTER"} \
  -- RunConfiguration.MaxCpuCount=$(nproc) </dev/null | { grep --line-buffered -v "^Data collector 'Blame' message" || true; } || status=$?
remove_postgres
step "done"

trx=$results/all.trx
[ -f "$trx" ] || give_up "the test run ended without results"
count() { grep -o '<Counters [^>]*' "$trx" | head -n 1 | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
total=$(count total) passed=$(count passed) executed=$(count executed)
failed=$((executed - passed)) skipped=$((total - executed))
# A test host that crashed leaves no failed test behind.
if [ $status != 0 ] && [ $failed = 0 ]; then failed=1; fi

if [ $skipped != 0 ]; then
  echo "skipped:"
  grep -o '<UnitTestResult [^>]*outcome="NotExecuted"[^>]*' "$trx" | sed -n 's/.* testName="\([^"]*\)".*/  \1/p' | sort | uniq -c | sort -rn | head -n 20
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
