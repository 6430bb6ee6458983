#!/bin/bash
# scripts/compose-restore.sh FOLDER: a backup of compose-backup.sh into a stack without volumes.
# Starts the database, and Odoo's container once without Odoo; `docker compose up -d` afterwards.
set -euo pipefail
folder=${1:?usage: compose-restore.sh FOLDER}
docker compose up -d db
for _ in $(seq 120); do docker compose exec -T db pg_isready -q -h 127.0.0.1 -U odoo -d postgres && break; sleep 1; done
docker compose exec -T db createdb -U odoo contact_centre
docker compose exec -T db pg_restore -U odoo -d contact_centre --no-owner < "$folder/odoo.dump"
docker compose run --rm -T --no-deps odoo tar -C / -xzf - < "$folder/files.tgz"
