#!/bin/bash
# Two venvs: one that runs Odoo with the OCA addons, one for the bridge and the tests that must not see Odoo.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11 to 3.13 is needed" >&2; exit 1; }
site=${ODOO_HOME:-$CACHE/odoo/usr/lib/python3/dist-packages}
[ -d "$site/odoo/addons" ] || [ -d "$site/addons" ] || site=$(dirname "$site")
if ! stamped venv "$REPO/requirements/odoo.txt" "$REPO/requirements/oca.txt" "$0" <(echo "$site"); then
  say "Python packages for Odoo"
  make_venv() {
    "$python" -m venv "$CACHE/venv"
    "$CACHE/venv/bin/pip" install -q -r "$REPO/requirements/odoo.txt"
    echo "$site" > "$("$CACHE/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/odoo-home.pth"
    "$CACHE/venv/bin/pip" install -q --no-deps -r "$REPO/requirements/oca.txt"
  }
  logged venv make_venv
  stamp venv "$REPO/requirements/odoo.txt" "$REPO/requirements/oca.txt" "$0" <(echo "$site")
fi
version=$("$CACHE/venv/bin/python" -c 'from odoo import release; print(release.version)')
case $version in 19.0*) ;; *) echo "Odoo 19.0 is needed, found $version" >&2; exit 1;; esac
if ! stamped venv-bridge "$REPO/requirements/bridge.txt" "$REPO/requirements/test.txt" "$0"; then
  say "Python packages for the bridge and the tests"
  make_bridge() {
    "$python" -m venv "$CACHE/venv-bridge"
    "$CACHE/venv-bridge/bin/pip" install -q -r "$REPO/requirements/bridge.txt" -r "$REPO/requirements/test.txt"
    # our own packages by path, so that an edit needs no install
    printf '%s\n' "$REPO/addons/cc_telephony/bridge/src" "$REPO/scripts" \
      > "$("$CACHE/venv-bridge/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/cc.pth"
  }
  logged venv-bridge make_bridge
  stamp venv-bridge "$REPO/requirements/bridge.txt" "$REPO/requirements/test.txt" "$0"
fi
