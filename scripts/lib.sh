# Shared by the install scripts: folders, a line of progress, and stamps that make a second run free.
set -euo pipefail
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${CC_CACHE:-$REPO/.cache}
mkdir -p "$CACHE/stamps" "$CACHE/logs"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR="$CACHE/pip" npm_config_cache="$CACHE/npm" npm_config_update_notifier=false

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# stamped NAME FILE... : true when step NAME was finished with these very inputs.
stamped() {
  local name=$1; shift
  [ -f "$CACHE/stamps/$name" ] && [ "$(cat "$CACHE/stamps/$name")" = "$(cat "$@" | sha256sum)" ]
}
stamp() { local name=$1; shift; cat "$@" | sha256sum > "$CACHE/stamps/$name"; }

# logged NAME CMD... : runs a long command with its output in a file, a dot each few seconds, its tail on failure.
logged() {
  local log="$CACHE/logs/$1.log"; shift
  "$@" > "$log" 2>&1 < /dev/null & local pid=$!
  while kill -0 $pid 2>/dev/null; do printf '.'; sleep 2; done; printf '\n'
  wait $pid || { local rc=$?; tail -40 "$log" >&2; echo "failed: $* (whole output: $log)" >&2; return $rc; }
}

# debian_mirror : the Debian archive this machine is set up with, never written down anywhere.
debian_mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -1; }

# private_apt SUITE DIR : sets the array `apt` to an apt-get with lists and archives of its own for SUITE;
# the machine's own package state is neither read nor changed. Signatures are checked; only an index past its date is let through.
private_apt() {
  local suite=$1 dir=$2
  mkdir -p "$dir"/{lists/partial,debs/partial,etc}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main" > "$dir/etc/sources.list"
  apt=(apt-get -q -o Dir::Etc::sourcelist="$dir/etc/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=-
       -o Dir::State::Lists="$dir/lists" -o Dir::Cache::archives="$dir/debs" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
       -o Dir::State::status=/dev/null -o APT::Install-Recommends=false -o Acquire::Languages=none -o Debug::NoLocking=1
       -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3)
}
