# Each target runs a few plain commands; you can also type them yourself.

PYTHON ?= python3
BIN := .venv/bin
SAMPLE := data/sample
# The sample ends on a fixed day, so the alert about old data is off; budgets are set.
SAMPLE_VARS := --vars '{alert_stale_days: null, overage_budgets_usd: {all: 2000}, \
	team_budgets_usd: {Catalogue: 3500, Checkout: 3000, Data: 3000, Mobile: 3500, Payments: 2000, Platform: 3500, all: 20000}}'
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-header --python-version 3.11

# Rebuild .venv if PYTHON differs from the version it was created with.
ifeq ($(origin PYTHON),command line)
ifneq ($(shell .venv/bin/python -V 2>&1),$(shell $(PYTHON) -V 2>&1))
OTHER_PYTHON := FORCE
endif
endif

.DEFAULT_GOAL := help
.PHONY: FORCE help setup setup-dev setup-spark setup-mcp setup-metrics setup-notebook demo sync sync-directory build dashboard digest daily docs browser java test test-long test-release test-spark check-athena lint sbom audit bench bench-large bench-sync bench-forecast reliability replays fuzz mutations requirements picture clean

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed  ## Create .venv from the pinned requirements.

setup-dev: .venv/installed-dev  ## Run setup, and install the packages that the tests need.

setup-spark: .venv/installed-spark  ## Create .venv/spark, to build on a Spark cluster.

setup-mcp: .venv/installed-mcp  ## Create .venv/mcp, with the server that assistants query; see docs/ask.md.

setup-metrics: .venv/installed-metrics  ## Create .venv/metrics, to query the metrics; see docs/tools.md.

setup-notebook: .venv/installed-notebook  ## Create .venv/notebook, with pandas and Polars; see docs/tools.md.

.venv/installed: requirements/project.txt $(OTHER_PYTHON)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, and $(PYTHON) is " + sys.version.split()[0] + ". Choose another: make setup PYTHON=python3.11")'
	@# Delete an environment from another Python version or an interrupted setup.
	@[ "$$(.venv/bin/python -V 2>&1)" = "$$($(PYTHON) -V 2>&1)" ] || rm -rf .venv
	@echo "Creating .venv from requirements/project.txt, which takes a minute or two."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/project.txt
	touch $@

FORCE:

.venv/installed-dev: requirements/dev.txt requirements/duckdb-oldest.txt requirements/axe.txt .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
		--target .venv/duckdb-oldest -r requirements/duckdb-oldest.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
		--target .venv/axe -r requirements/axe.txt
	touch $@

.venv/installed-%: requirements/%.txt .venv/installed
	$(PYTHON) -m venv .venv/$*
	.venv/$*/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	touch $@

demo: export KIRO_REPORTS_DIR := $(SAMPLE)/reports
demo: export KIRO_SEATS_DIR := $(SAMPLE)/seats
demo: export KIRO_DUCKDB_PATH := $(SAMPLE)/demo.duckdb
demo: setup  ## Build tables, a dashboard and a documentation page from made-up reports.
	rm -rf $(SAMPLE)
	$(BIN)/python scripts/generate_reports.py --days 226 --out $(SAMPLE)/reports --seats-out $(SAMPLE)/seats
	$(BIN)/dbt --quiet build --target-path $(SAMPLE)/target $(SAMPLE_VARS)
	$(BIN)/dbt --quiet docs generate --static --target-path $(SAMPLE)/target $(SAMPLE_VARS)
	$(BIN)/python scripts/build_dashboard.py --quiet --out $(SAMPLE)/dashboard/index.html
	@$(BIN)/python scripts/show_answers.py
	@echo
	@echo "Dashboard:      $(SAMPLE)/dashboard/index.html (open it in a browser)"
	@echo "Tables:         $(SAMPLE)/demo.duckdb (made up; yours will go to kiro.duckdb)"
	@echo "Documentation:  $(SAMPLE)/target/static_index.html"
	@echo "Ask more:       $(BIN)/duckdb -readonly $(SAMPLE)/demo.duckdb -f analyses/seats_to_reclaim.sql"
	@echo "Your reports:   $(BIN)/python scripts/sync_reports.py s3://<bucket>/<prefix>"
	@echo "                $(BIN)/dbt build"

sync: setup  ## Fetch new reports from sources.toml, or: make sync SOURCE=s3://bucket/prefix
	$(BIN)/python scripts/sync_reports.py $(SOURCE)

sync-directory: setup  ## List IAM Identity Center users, from sources.toml or STORE=d-1234567890
	$(BIN)/python scripts/sync_directory.py $(STORE)

build: setup  ## Load new reports, build the tables, run the unit tests and data tests.
	$(BIN)/dbt build

dashboard: setup  ## Write the dashboard, dashboard/index.html, with extracts of the tables next to it.
	$(BIN)/python scripts/build_dashboard.py

digest: setup  ## Write dashboard/digest.md, .html and .json: changes since last month and in the last week.
	$(BIN)/python scripts/write_digest.py

daily: setup  ## Run the daily steps: sync, build, dashboard, alerts; see docs/operating.md.
	@$(BIN)/python scripts/run_daily.py $(SOURCE)

docs: setup  ## Write the documentation page, target/static_index.html.
	$(BIN)/dbt docs generate --static

# A separate database, because the linters open it, and yours may be in use.
lint: export KIRO_DUCKDB_PATH := target/lint.duckdb
lint: setup-dev .venv/installed-bouncer  ## Run the linters and a strict dbt parse; part of make test.
	mkdir -p target
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/yamllint --strict .
	$(BIN)/dbt --quiet --warn-error parse
	.venv/bouncer/bin/dbt-bouncer run
	$(BIN)/sqlfluff lint models analyses tests/singular

test: setup-dev browser lint  ## Run the linters and the tests for a change; 15 to 20 minutes.
	$(BIN)/pytest -m "not long and not release"

test-long: setup-dev setup-mcp setup-metrics setup-notebook browser  ## Run the longer tests: kills, faults, wrong settings, erasure, other versions.
	$(BIN)/pytest -m "long and not release"

test-release: setup-dev  ## Run the longest tests: sixty daily builds, the awkward organization on many days, wheels for other machines.
	$(BIN)/pytest -m release

browser:  ## Install the browser that the dashboard's tests use, from Debian's packages.
	@if ! command -v chromium > /dev/null || ! command -v chromedriver > /dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends \
				chromium chromium-driver fonts-dejavu-core > /dev/null; \
		else \
			echo "The tests need chromium and chromedriver on the PATH" \
				"(Debian: apt-get install chromium chromium-driver)." >&2; \
			exit 1; \
		fi; \
	fi

sbom: .venv/installed-audit  ## List the installed packages as CycloneDX in target/sbom.json.
	mkdir -p target
	.venv/audit/bin/cyclonedx-py requirements requirements/project.txt --output-reproducible -o target/sbom.json

audit: .venv/installed-audit  ## Check the pinned dependencies for known vulnerabilities in OSV, over the network.
	.venv/audit/bin/pip-audit --vulnerability-service osv --disable-pip -r requirements/project.txt
	.venv/audit/bin/pip-audit --vulnerability-service osv --disable-pip -r requirements/dev.txt

test-spark: setup-dev setup-spark java  ## Compare the models on a local Spark cluster with DuckDB.
	$(BIN)/pytest --numprocesses 0 tests/spark

check-athena: setup-dev .venv/installed-athena  ## Compile and parse the models for Athena, without running them.
	$(BIN)/pytest --numprocesses 0 tests/athena

java:  ## Install the Java version that Spark needs, from Debian's packages.
	@if ! command -v java > /dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends \
				openjdk-17-jre-headless > /dev/null; \
		else \
			echo "The tests on Spark need Java 17 on the PATH" \
				"(Debian: apt-get install openjdk-17-jre-headless)." >&2; \
			exit 1; \
		fi; \
	fi

bench: setup  ## Time builds with made-up organizations, and write docs/performance.md; a few minutes.
	$(BIN)/python tests/benchmarks/builds.py

bench-large: setup  ## Time builds with 100,000 seats; half an hour, 20 GB of disk.
	$(BIN)/python tests/benchmarks/builds.py --users 100000 --files 0 --section large-builds

bench-sync: setup-dev .venv/installed-bench  ## Time the loader against other tools and write docs/performance.md.
	mkdir -p data
	$(BIN)/python tests/benchmarks/sync.py

bench-forecast: setup  ## Evaluate the overage forecast on real and made-up people, and write docs/forecast_accuracy.md.
	$(BIN)/python tests/benchmarks/forecast.py

reliability: setup-dev  ## Inject faults, kill syncs and builds, and write docs/reliability.md.
	KIRO_WRITE_DOCS=1 KIRO_KILLS=60 $(BIN)/pytest -n 0 tests/python/test_sync_faults.py \
		tests/python/test_sync_kills.py tests/python/test_build_kills.py

replays: setup-dev  ## Build the awkward organization as of every day in two months, and both samples with each source left out; an hour.
	KIRO_EVERY_DAY=1 $(BIN)/pytest -n 2 -m long tests/python/test_awkward_organization.py \
		tests/python/test_changed_organization.py tests/python/test_independent_seats.py

fuzz: setup-dev  ## Load ten thousand hostile report files, and write docs/reliability.md; SEED=2 generates different files.
	KIRO_WRITE_DOCS=1 KIRO_FUZZ_FILES=10000 KIRO_FUZZ_SEED=$(or $(SEED),1) \
		$(BIN)/pytest -n 0 -s tests/python/test_hostile_reports.py

picture: demo setup-dev browser  ## Take the README's screenshot of the demo dashboard.
	$(BIN)/python tests/support/picture.py

mutations: setup-dev  ## Break every model in defined ways, and list in docs/reliability.md what no test detects; half an hour.
	KIRO_WRITE_DOCS=1 $(BIN)/python tests/support/mutations.py --details

requirements:  ## Compile the pinned requirements (needs uv).
	cd requirements && for name in project dev audit bench duckdb-oldest spark athena mcp metrics notebook bouncer; do \
		$(COMPILE) $$name.in -o $$name.txt; \
	done
	cd requirements && $(COMPILE) --no-deps axe.in -o axe.txt

clean:  ## Remove .venv, build output and the sample, but no other reports or databases.
	rm -rf .venv target logs $(SAMPLE)
