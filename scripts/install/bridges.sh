#!/bin/bash
# The bridge and every addon's plug-ins of it, each by path: an edit needs no install, a new entry point does.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
bin=$CACHE/venv-bridge/bin
mapfile -t projects < <(ls "$REPO"/addons/*/bridge/pyproject.toml)
inputs=("${projects[@]}" "$REPO/requirements/build.txt")
# a new venv has none of them yet
stamped bridges "${inputs[@]}" "$0" <(printf "%s\n" "$REPO" "${projects[@]}") \
  && [ "$CACHE/stamps/bridges" -nt "$CACHE/stamps/venv-bridge" ] && exit 0
say "The bridge and its plug-ins"
install_bridges() {
  local one args=()
  "$bin/pip" install -q -r "$REPO/requirements/build.txt"
  for one in "${projects[@]}"; do args+=(-e "$(dirname "$one")"); done
  # what they need is in requirements/bridge.txt
  "$bin/pip" install -q --no-deps --no-build-isolation "${args[@]}"
}
logged bridges install_bridges
stamp bridges "${inputs[@]}" "$0" <(printf "%s\n" "$REPO" "${projects[@]}")
