#!/bin/bash
# cc-pbx CODE: makes the PBX of that code if there is none, and hands its identifier and secret to its bridge,
# which waits for them. Again after the secret was changed in Odoo. Prints nothing secret.
set -euo pipefail
code=${1:?usage: cc-pbx CODE}
[[ $code =~ ^[a-z][a-z0-9-]{0,30}$ ]] || { echo "a code: small letters, digits, -" >&2; exit 2; }
PGPASSWORD=$(< /run/secrets/db_password)
export PGHOST=$HOST PGUSER=$USER PGPASSWORD CC_CODE=$code
odoo shell -d contact_centre --no-http --workers=0 --log-level=warn <<'PY'
import json
import os

code = os.environ["CC_CODE"]
pbx = env["cc.pbx"].with_context(active_test=False).search([("code", "=", code)])
if not pbx:
    pbx = env["cc.pbx"].create({"name": code.capitalize(), "code": code})
target = f"/var/lib/cc_keys/{code}.json"
handle = os.open(target + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
with os.fdopen(handle, "w") as out:
    json.dump({"pbx": pbx.uuid, "secret": pbx.secret}, out)
os.rename(target + ".new", target)
env.cr.commit()
print(f"PBX {code}: its bridge has what it needs")
PY
