#!/bin/bash
# Everything the project needs, below .cache (Debian's own packages excepted). A second run costs about a second.
# ODOO_HOME=<checkout or package> and CC_ASTERISK=<program> take the place of what would be unpacked; CC_CACHE moves .cache.
set -euo pipefail
cd "$(dirname "$0")/install"
for step in debian odoo python bridges asterisk js; do
  bash "./$step.sh" || { echo "install: step $step failed" >&2; exit 1; }
done
