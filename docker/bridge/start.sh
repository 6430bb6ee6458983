#!/bin/bash
# Writes the bridge's configuration from the environment and the PBX's key, and becomes the bridge.
# The key comes from `cc-pbx` in Odoo's container, by a volume; or as CC_PBX_UUID and CC_PBX_SECRET.
set -euo pipefail
: "${CC_AMI_SECRET:?}" "${CC_PBX_CODE:=main}"
key=/var/lib/cc_keys/$CC_PBX_CODE.json
if [ -z "${CC_PBX_SECRET:-}" ]; then
  told=0
  until [ -s "$key" ]; do
    [ $told = 1 ] || { echo "waiting for the key of PBX $CC_PBX_CODE: docker compose exec odoo cc-pbx $CC_PBX_CODE"; told=1; }
    sleep 1
  done
fi
umask 077
CC_KEY=$key python3 - > /tmp/bridge.toml <<'PY'
import json
import os

env = os.environ
if env.get("CC_PBX_SECRET"):
    key = {"pbx": env["CC_PBX_UUID"], "secret": env["CC_PBX_SECRET"]}
else:
    with open(env["CC_KEY"], encoding="utf-8") as stream:
        key = json.load(stream)
sections = {
    "odoo": {"url": env["CC_ODOO_URL"], "database": env["CC_ODOO_DATABASE"], **key},
    "ami": {"host": env["CC_AMI_HOST"], "port": 5038, "username": "bridge", "secret": env["CC_AMI_SECRET"]},
    "spool": {"path": "/var/lib/cc_bridge/spool.sqlite"},
    "recordings": {"folder": "/var/spool/asterisk/monitor"},
    "pbx": {
        "config_dir": "/etc/asterisk/cc",
        "cel": "/var/log/asterisk/cel-custom/cc_cel.csv",
        "queue_log": "/var/log/asterisk/queue_log",
    },
    "log": {"level": env.get("CC_LOG_LEVEL", "info")},
}
for name, values in sections.items():
    print(f"[{name}]")
    for field, value in values.items():
        print(f"{field} = {json.dumps(value)}")
PY
exec cc_bridge run --config /tmp/bridge.toml
