#!/usr/bin/env bash
# Says in one line what is missing to build the web app.
set -eu
fail() { echo "rookery: $1" >&2; exit 1; }
command -v node >/dev/null || fail "no node found: install Node.js 20 or newer"
command -v npm >/dev/null || fail "no npm found: install npm 10 or newer"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
  fail "Node.js $(node --version) is too old: install 20 or newer"
