# Rookery: `make up` starts it, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
RUN := $(BIN)/rookery

.DEFAULT_GOAL := help
.PHONY: help up test check backend-test web-test test-s3 e2e bench openapi format deploy-check clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

up: .venv/run web/dist/index.html ## Start everything at http://127.0.0.1:8000 (PORT=... changes it); Ctrl-C stops it
	@exec $(RUN) up --port $(PORT)

test: check backend-test web-test e2e ## Everything: types, lint, import rules, Python, web and browser tests

check: .venv/dev web/node_modules/.installed ## Lint, types and import rules of backend and web app
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent lint && npm run --silent typecheck

backend-test: .venv/dev ## Python tests on real PostgreSQL, Valkey, Kafka protocol and SMTP
	$(BIN)/pytest

web-test: web/node_modules/.installed ## Unit tests of the web app
	cd web && npm run --silent test

test-s3: .venv/dev ## The media store on a real S3 (installs Debian's Ceph)
	@command -v radosgw ceph-mon ceph-osd ceph >/dev/null || apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd ceph-common
	$(BIN)/pytest tests/media/s3

e2e: .venv/dev web/dist/index.html ## Browser tests against a freshly started Rookery
	scripts/chromium.sh
	$(BIN)/python scripts/e2e.py

bench: .venv/dev ## Measure the hot paths, as ratios to yardsticks of the same run
	$(RUN) bench

openapi: .venv/dev web/node_modules/.installed ## Write the API description and the web app's types from it
	$(RUN) openapi > web/openapi.json
	cd web && npm run --silent generate

format: .venv/dev ## Format the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

deploy-check: ## Check the manifests and the Dockerfile of deploy/ (installs its checkers in .venv-deploy)
	scripts/deploy_check.sh $(PYTHON)

clean: ## Remove what was installed and built (data in var/ stay)
	rm -rf .venv .venv-deploy web/node_modules web/dist

.venv/run: requirements/run.lock pyproject.toml
	scripts/venv.sh $(PYTHON) run

.venv/dev: requirements/dev.lock pyproject.toml
	scripts/venv.sh $(PYTHON) dev

web/node_modules/.installed: web/package.json web/package-lock.json
	scripts/node.sh
	cd web && npm install --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.installed $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	cd web && npm run --silent build
