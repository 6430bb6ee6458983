#!/bin/bash
# Programs from the machine's own Debian suite; only what is missing is installed.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
want=(nginx-light postgresql postgresql-client sip-tester baresip-core lame espeak-ng sox chromium fonts-noto-cjk
      libfaketime python3-venv python3-dev gcc libldap-dev libsasl2-dev libpq-dev xz-utils openssl iproute2 procps)
missing=()
for p in "${want[@]}"; do dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p"); done
command -v node >/dev/null || missing+=(nodejs npm)
[ ${#missing[@]} = 0 ] && exit 0
say "Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
logged apt-update apt-get -o DPkg::Lock::Timeout=300 update
logged apt-install apt-get install -y -o DPkg::Lock::Timeout=300 --no-install-recommends "${missing[@]}"
# the packages start services of their own; ours run by themselves on their own ports
for s in nginx postgresql; do service "$s" stop >/dev/null 2>&1 || true; done
