# Everything installs itself into .venv; nothing outside this folder is touched.
# Needed: Python 3.11 or later, pip, git, make and a C compiler. PYTHON=... names another Python,
# ARGS=... goes to pytest.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Without bytecode every program that a test starts compiles us anew.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
# Where each module has its own tests; the rest of tests/ runs whole programs.
PARTS := tests/plugin tests/adapters tests/config
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq

# An editable install and a virtual environment know their own path and Python: a moved or copied
# checkout, or another PYTHON, starts afresh.
KEY := $(shell { pwd; echo '$(PYTHON)'; } | cksum | cut -d' ' -f1)
MADE := $(VENV)/.made-$(KEY)
RUN := $(VENV)/.run-$(KEY)
DEV := $(VENV)/.dev-$(KEY)

$(MADE):
	@PYTHON='$(PYTHON)' sh tools/venv.sh $(VENV)
	@touch $@

$(RUN): pyproject.toml $(LOCK) $(MADE)
	@echo 'Installing replygate into $(VENV) ...'
	@$(PIP) -c $(LOCK) -e '.[all]'
	@touch $@

$(DEV): $(RUN)
	@echo 'Installing what the checks need into $(VENV) ...'
	@$(PIP) -r $(LOCK)
	@touch $@

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUN) ## show the gate at work between a real bot and simulated buyers (ARGS=--once ends it)
	@$(BIN)/python -m replygate demo $(ARGS)

.PHONY: test
test: $(DEV) ## run the tests, in random order, warnings as errors
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: test-all
test-all: debian node test ## the same, and what needs more than pip: a browser, a Chinese font, Node

.PHONY: debian
debian: ## install what the tests need of Debian: Chromium, a Chinese font, npm
	@sh tools/debian.sh

.PHONY: node
node: ## install what the plugin text for ChatGPT-On-CS finds there, for its tests
	@command -v npm >/dev/null || { echo 'npm is needed: apt-get install npm' >&2; exit 1; }
	@npm ci --prefix tests/node --no-audit --no-fund --silent

.PHONY: lint
lint: $(DEV) ## style, types and layers: ruff, mypy, import-linter
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports

.PHONY: cover
cover: $(DEV) ## run the tests of the parts and hold branch coverage above its floor
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -n 2 $(PARTS) $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

.PHONY: test-whole
test-whole: $(DEV) ## run the tests that `make cover` leaves out: whole programs, documents, evaluation
	@$(BIN)/python -m pytest -n 2 $(PARTS:%=--ignore=%) $(ARGS)

.PHONY: bench
bench: $(DEV) ## measure; ratios go to bench-results/*.json
	@$(BIN)/python tests/bench/run.py

.PHONY: bench-quick
bench-quick: $(DEV) ## the same within a minute, rougher
	@$(BIN)/python tests/bench/run.py --quick

.PHONY: check-wheel
check-wheel: $(DEV) ## build the wheel and use it in an environment of its own
	@sh tools/check-wheel.sh $(BIN)/python

.PHONY: check-lowest
check-lowest: $(DEV) ## run the tests with the oldest dependencies that we allow
	@sh tools/check-lowest.sh $(BIN)/python

.PHONY: tables
tables: $(DEV) ## write the generated tables of the screening room
	@$(BIN)/python tools/tables.py

.PHONY: lock
lock: $(MADE) ## choose newer dependencies and write them to the lock file
	@$(PIP) 'uv>=0.9,<1'
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal \
		--python-version 3.11 --upgrade --system-certs --quiet --no-config \
		--no-header --no-emit-index-url --no-emit-find-links --output-file $(LOCK)

.PHONY: clean
clean: ## remove everything that was made here
	@rm -rf $(VENV) build dist bench-results tests/node/node_modules .coverage .coverage.* .hypothesis
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
