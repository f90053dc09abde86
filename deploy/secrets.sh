#!/usr/bin/env bash
# Makes deploy/secrets/ for compose.yaml: a password for the database, the key of the instance, and for each service the
# address of the database with its own role. Leaves alone what is there.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
[ -e secrets/database_password ] || openssl rand -hex 24 | tr -d '\n' > secrets/database_password
[ -e secrets/rookery.env ] || echo "ROOKERY_SECRET_KEY=$(openssl rand -hex 32)" > secrets/rookery.env
url="postgresql://rookery:$(cat secrets/database_password)@postgres:5432/rookery"
echo "ROOKERY_DATABASE_URL=$url" > secrets/owner.env
for service in users posts timelines notifications media search gateway; do
  echo "ROOKERY_DATABASE_URL=$url?role=rookery_$service" > "secrets/$service.env"
done
chmod 644 secrets/database_password # the container reads it by another user id
