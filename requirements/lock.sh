#!/usr/bin/env bash
# Writes the two locks from pyproject.toml: exact versions and hashes for every platform, no addresses.
set -eu
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
    --no-emit-index-url --no-emit-find-links "$@"
}
.venv/bin/python -m pip install --quiet uv
compile pyproject.toml requirements/build.in -o requirements/run.lock "$@"
compile --extra dev -c requirements/run.lock pyproject.toml requirements/build.in -o requirements/dev.lock "$@"
compile requirements/deploy.in -o requirements/deploy.lock "$@"
