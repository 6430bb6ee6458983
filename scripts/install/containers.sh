#!/bin/bash
# What tests/compose needs: Podman with the pieces that run without systemd, mmdebstrap for the stand-in images,
# podman-compose in a venv of its own. Not part of scripts/install.sh: only `make test` and `make test-compose` ask for it.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
packages=(podman runc netavark aardvark-dns mmdebstrap iptables)
if [ "$(dpkg-query -W -f '${db:Status-Status}\n' "${packages[@]}" 2>/dev/null | grep -c '^installed$')" != ${#packages[@]} ]; then
  say "Debian packages: ${packages[*]}"
  logged apt-containers apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "${packages[@]}"
fi
if ! stamped venv-compose "$REPO/requirements/compose.txt" "$0"; then
  say "podman-compose"
  make_venv() { python3 -m venv "$CACHE/venv-compose" && "$CACHE/venv-compose/bin/pip" install -q -r "$REPO/requirements/compose.txt"; }
  logged venv-compose make_venv
  stamp venv-compose "$REPO/requirements/compose.txt" "$0"
fi
