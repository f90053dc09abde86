#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests: the system's, Debian's package, or Playwright's download.
set -eu
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Debian's chromium for the browser tests ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
else
  cd web && npx playwright install chromium
fi
