# The commands of this repository. `make` alone lists them.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup native build demo test crash golden conformance bench fmt clean

# One configuration for everything here: what is tested is what is published, and nothing is compiled twice.
CONFIG := Release
DOTNET := DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 dotnet
SOURCES := $(shell find src build *.props *.targets global.json -type f -not -path '*/bin/*' -not -path '*/obj/*' 2>/dev/null)

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

setup: out/strata/.built ## build ./strata (Release, compiled ahead of time) into out/strata

out/strata/.built: $(SOURCES)
	@echo "building strata ..."
	@$(DOTNET) publish src/Cli -c $(CONFIG) -o out/strata -v quiet -nologo
	@touch $@

native: out/native/.built ## compile ./strata to one native program, as it is released (needs a C compiler; two minutes)

out/native/.built: $(SOURCES)
	@command -v clang >/dev/null || command -v gcc >/dev/null || { echo "a native program is linked by clang or gcc: install one of them" >&2; exit 1; }
	@echo "compiling strata to a native program ..."
	@rm -rf out/native
	@$(DOTNET) publish src/Cli -c $(CONFIG) -p:Native=true -o out/native -v quiet -nologo
	@rm -f out/native/*.pdb
	@touch $@

build: ## compile the whole solution, warnings as errors
	@$(DOTNET) build Sql.sln -c $(CONFIG) -v quiet -nologo

demo: setup ## simulate 30 days of events, build bronze, silver and gold, and print the summary
	@scripts/demo.sh

test: ## check the formatting, compile, and run all tests on real engines
	@CONFIG=$(CONFIG) scripts/test.sh

crash: setup ## kill builds at every step, read while they publish, restart Postgres; compare every table
	@CONFIG=$(CONFIG) scripts/crash.sh

golden: ## rewrite what the end-to-end tests and the command reference expect
	@CONFIG=$(CONFIG) UPDATE_GOLDEN=1 scripts/test.sh EndToEnd Cli.Tests

conformance: export DIR := $(DIR)
conformance: ## run every conformance corpus; DIR=<folder> for another one than ../shared/conformance
	@$(DOTNET) build tests/Conformance -c $(CONFIG) -v quiet -nologo
	@$(DOTNET) run --project tests/Conformance -c $(CONFIG) --no-build -- "$${DIR:-$${STRATA_CORPORA:-../shared}/conformance}"

bench: setup native ## measure start-up against an empty .NET program
	@bench/startup.sh

fmt: ## format the C# and project files
	@$(DOTNET) tool restore >/dev/null
	@$(DOTNET) csharpier format .

clean: ## stop Postgres and remove everything that these commands made
	@scripts/postgres.sh remove
	@rm -rf out .local .native project/landing project/target project/.strata project/*.duckdb project/*.duckdb.wal
	@find src tests bench project -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + 2>/dev/null || true
