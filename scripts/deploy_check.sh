#!/usr/bin/env bash
# Checks deploy/ offline: the overlays are rendered, held against the schemas of Kubernetes, and looked over by checkov, as is
# the Dockerfile. Installs what it needs in .venv-deploy, by requirements/deploy.lock.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3}
kubernetes=1.37.0
bin=.venv-deploy/bin

if [ ! -e .venv-deploy/installed ] || [ requirements/deploy.lock -nt .venv-deploy/installed ]; then
  echo "Installing the checkers ..."
  "$python" -m venv .venv-deploy
  $bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/deploy.lock
  touch .venv-deploy/installed
fi

rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
for overlay in deploy/kubernetes/overlays/*/; do
  file=$rendered/$(basename "$overlay").yaml
  $bin/kubectl kustomize "$overlay" > "$file"
  $bin/kubernetes-validate --strict --no-warn --kubernetes-version "$kubernetes" "$file"
done
export CHECKOV_RUN_SCA_PACKAGE_SCAN_V2=false
checkov=("$bin/checkov" --quiet --compact --skip-download --skip-results-upload)
"${checkov[@]}" --framework kubernetes --directory "$rendered"
"${checkov[@]}" --framework dockerfile --file deploy/Dockerfile
echo "deploy/ is well."
