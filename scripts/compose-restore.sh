#!/bin/bash
# scripts/compose-restore.sh PROJECT FOLDER ENV_FILE: a backup of compose-backup.sh into a stack without volumes.
# Starts the database and Odoo's container once without Odoo; `docker compose up -d` afterwards.
set -euo pipefail
usage="usage: compose-restore.sh PROJECT FOLDER ENV_FILE"
project=${1:?$usage} folder=${2:?$usage} env=${3:?$usage}
if docker info > /dev/null 2>&1; then engine=docker compose=(docker compose)
else engine=podman compose=("${CC_CACHE:-.cache}/venv-compose/bin/podman-compose"); fi
compose+=(--env-file "$env" -p "$project")
"${compose[@]}" up -d db
name() { "$engine" ps --format '{{.Names}}' | grep -E "^$project[-_]$1[-_]1\$"; }
for _ in $(seq 60); do "$engine" exec "$(name db)" pg_isready -q -h 127.0.0.1 -U odoo && break; sleep 1; done
password=$(sed -n 's/^CC_DB_PASSWORD=//p' "$env")
"$engine" exec -e PGPASSWORD="$password" "$(name db)" createdb -h 127.0.0.1 -U odoo contact_centre
"$engine" exec -i -e PGPASSWORD="$password" "$(name db)" pg_restore -h 127.0.0.1 -U odoo -d contact_centre --no-owner < "$folder/odoo.dump"
"${compose[@]}" run --rm -T --no-deps --entrypoint "" odoo tar -C / -xzf - < "$folder/files.tgz"
