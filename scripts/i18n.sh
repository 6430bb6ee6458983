#!/bin/bash
# Translations: i18n/<addon>.pot of every addon anew out of the code, and the terms merged into zh_CN.po and zh_TW.po.
# Then it names what a translator still has to write. With --check nothing is written: it fails when a template
# is not what the code says, or a term has no zh_CN or zh_TW translation.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd "$REPO"
python=$CACHE/venv-bridge/bin/python
case ${1:-} in
  ''|--check) ;;
  *) echo "usage: scripts/i18n.sh [--check]" >&2; exit 2;;
esac
failed=0
PYTHONPATH=scripts "$python" -m cc_stack.translations "$@" || failed=1
"$python" scripts/check_po.py || failed=1
[ $failed = 0 ] || { echo "i18n: see above" >&2; exit 1; }
