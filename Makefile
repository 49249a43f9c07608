# aidlib. Every target sets up what it needs; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DOCS := $(VENV)/.docs
# Errors only: an index that is a folder makes a warning of each package.
PIP := $(BIN)/python -m pip install -q -q --disable-pip-version-check
JOBS ?= 2
# One thread a worker: two workers with two threads each are slower than two with one.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help setup docs reports test lint types unit notebooks golden golden-accept gallery lab bench check coverage clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16
	@echo
	@echo '  make reports                                    every region, latest period its data covers'
	@echo '  PERIOD=2020-02 REGIONS=450400,230000 make reports   only these'

setup: $(READY) ## make .venv with the pinned packages

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "aidlib needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo 'Setting up $(VENV) ...'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m aidlib.commands.kernel
	@touch $@

reports: $(READY) ## write every region's reports to reports/
	@$(BIN)/aidlib report --jobs $(JOBS) $(ARGS)

test: lint types unit notebooks ## lint, types, tests, notebooks: what CI runs

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

unit: $(READY)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

notebooks: $(READY)
	@$(BIN)/python -m pytest -o addopts=-q -n $(JOBS) --dist loadfile --nbval-lax --nbval-cell-timeout 300 notebooks

golden: $(READY) ## compare every page with its golden record (tests/golden); goes on where it was stopped
	@$(BIN)/python tests/golden/golden.py check --jobs $(JOBS) $(ARGS) $(ONLY)

golden-accept: $(READY) ## make today's pages the golden ones and print what changed
	@$(BIN)/python tests/golden/golden.py accept --jobs $(JOBS) $(ARGS) $(ONLY)

gallery: $(READY) ## make the finished reports that the repository shows (reports/gallery)
	@$(BIN)/python tests/golden/golden.py gallery

docs: $(DOCS) ## build the handbook (docs/_build/html), run its pages and check its links
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo 'docs/_build/html/index.html'

$(DOCS): $(READY) requirements/docs.lock
	@$(PIP) --no-compile --no-deps --require-hashes -r requirements/docs.lock
	@touch $@

lab: $(READY) ## open JupyterLab on the notebooks
	@$(BIN)/jupyter lab --notebook-dir=notebooks

check: $(READY) ## list every fault of the law book and the published figures
	@$(BIN)/aidlib check

coverage: $(READY) ## show what the law book covers, region by month
	@$(BIN)/aidlib coverage

bench: $(READY) ## measure speed against named peers (installs them apart)
	@$(BIN)/python -m benchmarks

clean: ## remove .venv and made reports
	@rm -rf $(VENV) && git clean -fdXq reports
