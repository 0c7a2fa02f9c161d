# AluMusic Insights: what a developer types. `make` alone lists it all.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(BIN)/uv
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help up demo test check fix lock setup bench bench-llm wheel clean

help: ## list what can be made
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# --- an environment of our own, from locked files --------------------------------------------------------

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.app: requirements/app.txt pyproject.toml | $(UV)
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements/app.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(UV)
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@touch $@ $(VENV)/.app

setup: $(VENV)/.dev ## set up everything a developer needs

lock: | $(UV) ## resolve the dependencies again, with hashes and without addresses
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --all-extras pyproject.toml -o requirements/app.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --all-extras --group dev pyproject.toml -c requirements/app.txt -o requirements/dev.txt

# --- the product -----------------------------------------------------------------------------------------

up: $(VENV)/.app ## start everything on this machine (Ctrl-C stops it)
	$(BIN)/alumusic up $(ARGS)

demo: $(VENV)/.app ## start everything, with eight weeks of made-up comments, in data-demo/
	$(BIN)/alumusic up --demo --data data-demo $(ARGS)

# --- the house in order ------------------------------------------------------------------------------------

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## linters, types and the rules about imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.dev ## format, and mend what a linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure the house on this machine (ten minutes; ARGS='--only product' for less)
	$(BIN)/python bench/bench.py $(ARGS)

bench-llm: $(VENV)/.dev ## measure the language model service against a stub
	$(BIN)/python -m bench.bench_llm $(ARGS)

wheel: | $(UV) ## build the wheel into dist/
	$(UV) build --wheel

clean: ## forget the environment and what tools left behind
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --- corpus ---------------------------------------------------------------------------------------------------
.PHONY: corpus train

corpus: $(VENV)/.dev ## check the corpus, and write its statistics into its README
	$(BIN)/python -m alumusic.evals.corpus corpus --write

train: $(VENV)/.dev ## rebuild the local model from the corpus (a minute)
	$(BIN)/alumusic train $(ARGS)

# --- evals -------------------------------------------------------------------------------------------------
# Floors: about two points under what the shipped model reaches on the gold set. Raise them with the model; lower them
# only with a reason in the same commit.
.PHONY: evals evals-baseline bench-local
GOLD := tests/evals/dataset.json
FLOORS := --min-accuracy 0.945 --min-macro-f1 0.945 --min-spam-recall 0.97 --min-tag-f1 0.73

evals: $(VENV)/.dev ## score the local model on the gold set; fails under its floors
	$(BIN)/alumusic eval $(GOLD) --classifier local --compare evals/baseline.json --json evals/out/gold.json --html evals/out/gold.html $(FLOORS) $(ARGS)

evals-baseline: $(VENV)/.dev ## keep the answers of now as what later models are compared with
	$(BIN)/alumusic eval $(GOLD) --classifier local --save-baseline evals/baseline.json $(ARGS)

bench-local: $(VENV)/.dev ## measure the local model: comments/s, import, size, training
	$(BIN)/python bench/bench_local.py --json bench/out/local.json --check $(ARGS)

# --- faults and scale --------------------------------------------------------------------------------------

.PHONY: chaos chaos-short bench-scale

chaos: $(VENV)/.dev ## break everything on purpose and keep the table in docs/reliability.md (ROWS="1 4" for some)
	$(BIN)/python -W ignore -m tests.chaos $(ROWS) $(if $(ROWS),,--write)

chaos-short: $(VENV)/.dev ## the three faults of every push, about three minutes
	$(BIN)/python -W ignore -m tests.chaos --short

bench-scale: $(VENV)/.dev ## measure PostgreSQL, Redis and several workers on this machine
	$(BIN)/python -W ignore bench/bench_scale.py $(ARGS)

# --- what the product is made of ---------------------------------------------------------------------------
.PHONY: audit

audit: $(VENV)/.dev ## write the list of materials (dist/sbom.cdx.json) and look up known vulnerabilities
	$(BIN)/python tools/audit.py $(ARGS)

# --- what it looks like --------------------------------------------------------------------------------------

.PHONY: screenshots bench-dashboard

screenshots: $(VENV)/.dev ## take the pictures of docs/images again, of every page (needs Chromium)
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

bench-dashboard: $(VENV)/.dev ## measure how long each page takes with a million comments behind it (needs Chromium)
	$(BIN)/python -m bench.bench_dashboard $(ARGS)
