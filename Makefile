# Every target sets up what it needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.setup-$(shell cat requirements.lock bootstrap.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: help setup lock demo test check format lint types imports docs bench fuzz golden clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP):
	@echo "setting up .venv from requirements.lock"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python >= 3.11 is needed; set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r bootstrap.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --require-hashes --allow-empty-requirements requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --require-hashes --no-deps -r bootstrap.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-deps -e .
	@rm -f .venv/.setup-*; touch $@

setup: $(STAMP) ## make .venv from the lock file

lock: setup ## rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --exclude-newer "7 days" --custom-compile-command "make lock" -q -o requirements.lock

