# What a developer types. `make` alone lists it; everything happens in .venv, made from the lock files.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
NODE := tests/node/node_modules/.package-lock.json
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-postgresql lint types migrations openapi compatibility fields matrix provider node format lock audit clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-21s %s\n", $$1, $$2}'

demo: $(READY) ## Show omniats at work with a sandbox Greenhouse (ARGS=... for options)
	@$(BIN)/omniats demo $(ARGS)

serve: $(READY) ## Serve the API at http://127.0.0.1:8000 (ARGS=... for options)
	@$(BIN)/omniats serve $(ARGS)

test: $(READY) ## Run all tests (ARGS=... for options of pytest)
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

test-postgresql: $(READY) ## Check the migrations and run the tests that need a database on PostgreSQL (and Redis)
	@.ci/with-postgresql .ci/with-redis $(MAKE) --no-print-directory migrations test

lint: $(READY) ## Check style
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(READY) ## Check types
	@$(BIN)/mypy

fields: $(READY) ## Write down anew which fields each provider fills, after a change of mappings or samples
	@PYTHONPATH=tests $(BIN)/python -m conformance.supported_fields

matrix: $(READY) ## Write docs/providers/matrix.md anew after a change of what a provider can do
	@$(BIN)/omniats providers --markdown > docs/providers/matrix.md

provider: $(READY) ## Begin a new provider: NAME=x writes its skeleton, docs/adding-a-provider.md goes on
	@PYTHONPATH=tests $(BIN)/python -m skeleton $(NAME)

format: $(READY) ## Mend style where a program can
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format

migrations: $(READY) ## Run the migrations up, down and up, and compare their tables with the code's
	@PYTHONPATH=tests $(BIN)/python -m tests.cli.check_migrations

openapi: $(READY) ## Write openapi/openapi.json anew after a change of the API
	@$(BIN)/omniats openapi > openapi/openapi.json

compatibility: $(READY) ## Write docs/compatibility.md anew after a change of the API or its tests
	@$(BIN)/python -m tests.contract.compatibility

node: $(NODE) ## Install the Node SDK, which a test calls (needs Node.js and npm)

lock: $(READY) ## Write the lock files anew after a change of dependencies
	@$(COMPILE) --all-extras -o requirements.lock
	@$(COMPILE) --all-extras --group dev -c requirements.lock -o requirements-dev.lock

audit: $(READY) ## Look for known vulnerabilities in what the lock files name (needs the internet)
	@.ci/audit

clean: ## Remove the environment, caches and the demo's data
	@rm -rf .venv tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis omniats-data/demo
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(NODE): tests/node/package-lock.json
	@npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund
	@touch $@

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "omniats needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Making the environment in .venv ..."
	@$(PYTHON) -m venv .venv
	@echo "Installing what requirements-dev.lock names ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
