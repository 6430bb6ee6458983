#!/bin/bash
# scripts/compose-backup.sh FOLDER: what must not be lost, while everything runs: Odoo's database and files (recordings
# among them), the PBXs' keys. The project's name and .env as `docker compose` finds them.
set -euo pipefail
folder=${1:?usage: compose-backup.sh FOLDER}
umask 077
mkdir -p "$folder"
# the database first: a file that comes later is one too many, not one that is missing
docker compose exec -T db pg_dump -U odoo -Fc contact_centre > "$folder/odoo.dump"
docker compose exec -T odoo tar -C / -czf - var/lib/odoo var/lib/cc_keys > "$folder/files.tgz"
