# The front door of Netjes. `make help` tells what there is.
#
# Each step that installs leaves a stamp in .venv and is done again only when its list has changed.

.DEFAULT_GOAL := help
.PHONY: help run demo test test-sqlite test-postgres sure screenshots bench pins

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app app
PYTEST := $(BIN)/python -m pytest
WORKERS ?= auto
# What `make bench` leaves in the temporary folder, it takes away itself.
BENCHES := answers class_page sign_in page_weight servers walk offline taps

help:  ## what you can ask for
	@echo "Netjes. Ask for:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: $(VENV)/.app  ## install, bring the database up to date, load the demo when empty, and serve
	@$(FLASK) db upgrade
	@$(FLASK) demo --if-empty
	@exec $(FLASK) serve

demo: $(VENV)/.app  ## make the demo schools anew and show every account
	@$(FLASK) db upgrade
	@$(FLASK) demo
	@$(FLASK) demo --accounts

test: test-sqlite test-postgres  ## everything: on SQLite with the browser tests, then on PostgreSQL

test-sqlite: $(VENV)/.dev $(VENV)/.chromium $(VENV)/.pango  ## the whole suite on SQLite, in a real browser too
	@echo "== The tests on SQLite, with the browser tests"
	@$(PYTEST) -n $(WORKERS) --dist worksteal

test-postgres: $(VENV)/.dev $(VENV)/.pango  ## the same suite on PostgreSQL, without the browser tests
	@echo "== The tests on PostgreSQL"
	@TEST_DB=postgres $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser or both_databases"

sure: $(VENV)/.dev  ## format, lint, strict types, templates, content, and the tests with warnings as errors
	@echo "== Format"
	@$(BIN)/ruff format --check .
	@echo "== Lint"
	@$(BIN)/ruff check .
	@echo "== Types"
	@$(BIN)/mypy
	@echo "== Templates"
	@$(BIN)/djlint --lint templates --quiet
	@echo "== Lessons, items and agreements"
	@$(FLASK) content check
	@$(MAKE) --no-print-directory test

screenshots: $(VENV)/.dev $(VENV)/.chromium  ## every kind of page at three widths and in both skins, into build/screenshots
	@$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/.dev $(VENV)/.chromium  ## measure: answers, the class page, signing in, the weight of a page
	@for name in $(BENCHES); do echo "== bench/$$name.py"; $(BIN)/python -m bench.$$name || exit 1; done

pins: $(VENV)/.dev  ## write requirements*.txt anew from requirements*.in, with hashes
	@$(BIN)/python -m pip install --quiet "pip-tools>=7.4"
	@for part in "" -dev; do \
	  $(BIN)/python -m piptools compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	    --no-emit-find-links --no-emit-index-url --no-emit-trusted-host \
	    --output-file=requirements$$part.txt requirements$$part.in || exit 1; \
	done

# ---- what the above stand on ----

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Netjes needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.app: requirements.txt | $(BIN)/python
	@echo "== Installing what the app needs"
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	@echo "== Installing what the tests need"
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements-dev.txt
	@touch $@

$(VENV)/.chromium: $(VENV)/.dev
	@BIN=$(BIN) bash .ci/chromium
	@touch $@

$(VENV)/.pango: $(VENV)/.dev
	@BIN=$(BIN) bash .ci/pango
	@touch $@
