#!/bin/bash
# Prints passwords for docker-compose.yml, each made anew: scripts/compose-env.sh >> .env
set -euo pipefail
for name in CC_DB_PASSWORD CC_AMI_SECRET CC_ADMIN_PASSWORD CC_TURN_PASSWORD; do
  printf '%s=%s\n' "$name" "$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')"
done
