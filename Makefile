# Offsite. Needs Python 3.11 (with its headers), git, make and a C compiler; everything else is installed here.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= demo
RULES := tests/law tests/case tests/rules tests/test_scenarios.py

.DEFAULT_GOAL := help
.PHONY: help install run test test-record test-rules test-pages test-browser lint bench differential kills contract screenshots migrations-check lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

install: $(STAMP)  ## build the virtual environment from the hash-pinned lock

$(STAMP): requirements.lock requirements.build.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m offsite.web.assets
	touch $(STAMP)

run: install  ## play the demonstration school, with Prefect, until Ctrl-C
	$(BIN)/offsite demo --data $(DATA)

test: install  ## the whole test suite, in four parts on two cores, the longest first
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-record test-rules test-pages test-browser

test-record: install  ## casework, flows, messages, letters, keeping, kills
	$(BIN)/python -m pytest tests --ignore=tests/web $(patsubst %,--ignore=%,$(RULES))

test-rules: install  ## law, cases, rules in three readings, every scenario
	$(BIN)/python -m pytest $(RULES)

test-pages: install  ## pages, JSON, sign-in, who sees what
	$(BIN)/python -m pytest tests/web --ignore=tests/web/browser

test-browser: install  ## the pages in a real browser
	$(BIN)/python -m pytest tests/web/browser

lint: install  ## ruff, mypy --strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

migrations-check: install  ## migrations and tables in step, on SQLite and PostgreSQL
	$(BIN)/python -m models.migrations.check

bench: install  ## benchmarks, as ratios beside a baseline and beside other engines in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.bench.lock
	$(BIN)/python -m bench.run
	$(BIN)/python -m bench.serving
	$(BIN)/python -m bench.pages

differential: install  ## engine against second and third readings: a million evaluations, 20 schools
	OFFSITE_DIFFERENTIAL=1000000 OFFSITE_SCHOOLS=20 $(BIN)/python -m pytest tests/rules -k "differential or third or hand or memory" -s

screenshots: install  ## take the pictures of the main pages anew (needs Debian's chromium)
	$(BIN)/python docs/screenshots/take.py

kills: install  ## 200 random kills of a working process
	OFFSITE_KILLS=200 $(BIN)/python -m pytest tests/kills -s

contract: install  ## schemathesis against the JSON interface: hundreds of examples an operation, on both databases
	OFFSITE_CONTRACT=200 $(BIN)/python -m pytest tests/web/api/test_api_contract.py

lock:  ## resolve the lock anew (needs uv)
	uv pip compile --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev -o requirements.lock pyproject.toml
	uv pip compile --generate-hashes --no-emit-index-url --python-version 3.11 -o requirements.build.lock requirements.build.in
	uv pip compile --generate-hashes --no-emit-index-url --python-version 3.11 -c requirements.lock -o requirements.bench.lock requirements.bench.in

clean:  ## remove the virtual environment and the demonstration
	rm -rf $(VENV) demo
