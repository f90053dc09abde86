#!/usr/bin/env bash
# Makes .venv and installs the locked packages: `venv.sh PYTHON run|dev`. The stamp .venv/<which> says it is done.
set -eu
cd "$(dirname "$0")/.."
python=$1 which=$2
fail() { echo "rookery: $1" >&2; exit 1; }

command -v "$python" >/dev/null || fail "no $python found: install Python 3.11 or newer (or set PYTHON=...)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "$("$python" --version) is too old: install Python 3.11 or newer (or set PYTHON=...)"
if [ ! -x .venv/bin/pip ]; then
  "$python" -m venv .venv || fail "cannot make .venv: on Debian and Ubuntu install python3-venv"
fi
echo "Installing the Python packages ..."
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$which.lock"
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
touch ".venv/$which"
[ "$which" = run ] || touch .venv/run
