#!/bin/bash
# The stand-ins, and the compose file's images built on them: what of the test takes long and measures nothing.
# shellcheck source=../../scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
here=$REPO/tests/compose
bash "$here/stand_ins.sh"
# shellcheck source=podman.sh
. "$here/podman.sh"
export CC_CACHE=$CACHE CC_ENV_FILE=/dev/null COMPOSE_PROJECT_NAME=cctest
say "images of docker-compose.yml"
cd "$REPO" && logged images "$here/bin/docker" compose --profile second --profile tls --profile turn build
