#!/bin/bash
# scripts/compose-backup.sh PROJECT FOLDER: what must not be lost, while everything runs: Odoo's database and files
# (recordings among them), the PBX's keys. Podman takes Docker's place where
# no Docker engine runs.
set -euo pipefail
project=${1:?usage: compose-backup.sh PROJECT FOLDER} folder=${2:?usage: compose-backup.sh PROJECT FOLDER}
engine=podman; docker info > /dev/null 2>&1 && engine=docker
name() { "$engine" ps --format '{{.Names}}' | grep -E "^$project[-_]$1[-_]1\$"; }
umask 077
"$engine" exec "$(name db)" pg_dump -h /tmp -U odoo -Fc contact_centre > "$folder/odoo.dump"
"$engine" exec "$(name odoo)" tar -C / -czf - var/lib/odoo var/lib/cc_keys > "$folder/files.tgz"
