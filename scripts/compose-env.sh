#!/bin/bash
# Passwords for docker-compose.yml: makes in .env (or FILE) those that it lacks, and writes each into a file of its own in
# the folder CC_SECRETS (./secrets), as which it reaches its containers: in no image, no environment, no `docker inspect`.
# Again after a password was changed in .env. usage: scripts/compose-env.sh [FILE]
set -euo pipefail
cd "$(dirname "$0")/.."
file=${1:-${CC_ENV_FILE:-.env}}
umask 077
touch "$file"
value() { sed -n "s/^$1=//p" "$file" | tail -1; }
folder=$(value CC_SECRETS)
folder=${folder:-secrets}
mkdir -p "$folder"
# the containers' users read the files; the folder lets nobody else of this machine come to them
chmod 700 "$folder"
for name in CC_DB_PASSWORD CC_AMI_SECRET CC_ADMIN_PASSWORD CC_TURN_PASSWORD; do
  [ -n "$(value $name)" ] || printf '%s=%s\n' $name "$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')" >> "$file"
  secret=${name#CC_} secret=$folder/${secret,,}
  value $name | tr -d '\n' > "$secret.new"
  chmod 444 "$secret.new"
  # kept in place when it is the same: a running container holds this very file
  cmp -s "$secret.new" "$secret" && rm "$secret.new" || mv "$secret.new" "$secret"
done
