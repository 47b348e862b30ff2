# make help lists the commands. Each one does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
# Tests run side by side, each worker on a database of its own; 0 runs them one after the other.
WORKERS ?= 2
# Benchmarks that are about PostgreSQL.
ON_POSTGRES := saving figures reports
# Whole files go to a worker, in the order in which tests/conftest.py puts them.
SIDE_BY_SIDE := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
SOURCES := $(wildcard app.py) blueprints services models rules templates
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)

.PHONY: run
run: free-port ready $(CATALOGUES:.po=.mo) ## Start the program with demo data (PORT=8000)
	@$(FLASK) prepare
	@echo "Skillstar: http://127.0.0.1:$(PORT)/ (Ctrl+C stops it)"
	@exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 2 --threads 4 \
		--no-control-socket --log-level warning 'app:create_app()'

.PHONY: test
test: lint ## Check everything: lint, types, import contracts, the whole suite (T="tests/rules -x")
	@$(BIN)/pytest $(SIDE_BY_SIDE) $(T)

.PHONY: test-postgres
test-postgres: catalogues ## Run the suite on a private PostgreSQL server (T="tests/services")
	@.ci/install postgres
	@.ci/postgres $(BIN)/pytest -m "not browser" $(SIDE_BY_SIDE) $(T)

.PHONY: lint
lint: ready-for-tests catalogues ## Check style, types, import contracts and translations only
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: format
format: ready-for-tests ## Put the source into its form
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: ready-for-tests $(CATALOGUES:.po=.mo) ## Print the benchmarks (B=name: that one only)
	@$(if $(filter $(ON_POSTGRES),$(B)),.ci/install postgres)
	@$(if $(filter $(ON_POSTGRES),$(B)),.ci/postgres) $(BIN)/python -m bench $(B)

.PHONY: verify-marking
verify-marking: ready-for-tests ## Compare two calculators on random contests (N=100000)
	@$(BIN)/python -m tests.reference.verify $(N)

.PHONY: verify-stipends
verify-stipends: ready-for-tests ## Settle random histories and compare with a clerk's books (N=10000)
	@$(BIN)/python -m tests.reference.verify_stipends $(N)

.PHONY: mutate
mutate: ready-for-tests ## Break marking, ranking and allocation line by line; the tests must notice
	@$(BIN)/python -m tests.reference.mutate

.PHONY: forge
forge: ready-for-tests ## Alter signed certificates in many ways; none may pass for genuine (N=100000)
	@$(BIN)/python -m tests.forgery.forge $(N)

.PHONY: kills
kills: ready-for-tests $(CATALOGUES:.po=.mo) ## Kill the server under load, on both databases; no mark may be lost (KILLS=100)
	@.ci/install postgres
	@$(BIN)/python -m tests.chaos.kills $(or $(KILLS),100)
	@.ci/postgres $(BIN)/python -m tests.chaos.kills $(or $(KILLS),100)

.PHONY: kill-issuing
kill-issuing: ready-for-tests $(CATALOGUES:.po=.mo) ## Kill the process that issues certificates, on both databases (KILLS=50)
	@.ci/install postgres
	@$(BIN)/python -m tests.chaos.issuing_kills $(or $(KILLS),50)
	@.ci/postgres $(BIN)/python -m tests.chaos.issuing_kills $(or $(KILLS),50)

.PHONY: prove-certificates
prove-certificates: ready-for-tests $(CATALOGUES:.po=.mo) ## Issue, print, sign and check the papers of the full demo (N=100: of so many made-up winners)
	@$(BIN)/python -m tests.proving $(N)

.PHONY: prove-figures
prove-figures: ready-for-tests $(CATALOGUES:.po=.mo) ## Ask for every number of Cixi on the full demo and an imported history
	@$(BIN)/python -m tests.reference.prove_figures

.PHONY: chaos
chaos: ready-for-tests $(CATALOGUES:.po=.mo) ## Many judges on a network that fails (SESSIONS=1000 LINES=100 SEED=1)
	@$(BIN)/python -m tests.browser.chaos $(or $(SESSIONS),1000) $(or $(LINES),100) $(or $(SEED),1)

.PHONY: screenshots
screenshots: ready-for-tests $(CATALOGUES:.po=.mo) ## Make the pictures of README.md anew
	@$(BIN)/python -m tests.browser.screenshots

.PHONY: demo-full
demo-full: ready $(CATALOGUES:.po=.mo) ## Put a full-size contest into the database
	@$(FLASK) db upgrade
	@$(FLASK) demo --size full

.PHONY: messages
messages: ready ## Bring new texts of the source into the translation catalogues
	@$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keyword N_ --keyword lazy_gettext \
		--no-location --sort-output --omit-header --output translations/messages.pot $(SOURCES)
	@$(BIN)/pybabel --quiet update --input-file translations/messages.pot \
		--output-dir translations --no-fuzzy-matching --ignore-obsolete --width 100

.PHONY: lock
lock: ## Renew the pinned lists of libraries from pyproject.toml (A=--upgrade)
	@.ci/lock $(A)

.PHONY: clean
clean: ## Remove what the tools made; data in instance/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

# --- Steps of the above ---

.PHONY: ready
ready:
	@.ci/install run

.PHONY: ready-for-tests
ready-for-tests:
	@.ci/install test

.PHONY: free-port
free-port:
	@if ! [[ "$(PORT)" =~ ^[0-9]+$$ ]]; then \
		echo "PORT must be a number, for example: make run PORT=8001" >&2; exit 1; \
	fi
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
		echo "Port $(PORT) is taken. Choose another one, for example: make run PORT=$$(($(PORT) + 1))" >&2; \
		exit 1; \
	fi

# Always anew, so that a bad placeholder fails every time and not only once.
.PHONY: catalogues
catalogues: ready-for-tests
	@[ -z "$(CATALOGUES)" ] || $(BIN)/pybabel --quiet compile --directory translations

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
