#!/bin/bash
# What of the public image's entry point docker-compose.yml relies on: POSTGRES_USER, POSTGRES_PASSWORD_FILE, PGDATA, and
# that it may be started as the user postgres.
set -euo pipefail
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -U "${POSTGRES_USER:-postgres}" --pwfile="${POSTGRES_PASSWORD_FILE:?}" --auth-host=scram-sha-256 --auth-local=trust -E UTF8
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
