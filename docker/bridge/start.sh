#!/bin/bash
# Writes the bridge's configuration from the environment and the PBX's key, and becomes the bridge.
# The key comes from `cc-pbx` in Odoo's container, by a volume.
set -euo pipefail
# all logs go to standard output
exec 2>&1
key=/var/lib/cc_keys/${CC_PBX_CODE:?}.json
[ -s "$key" ] || echo "waiting for the key of PBX $CC_PBX_CODE: the first start of Odoo makes that of main, others: docker compose exec odoo cc-pbx $CC_PBX_CODE"
until [ -s "$key" ]; do sleep 1; done
umask 077
CC_KEY=$key python3 - > /tmp/bridge.toml <<'PY'
import json
import os

env = os.environ
with open(env["CC_KEY"], encoding="utf-8") as stream:
    key = json.load(stream)
with open("/run/secrets/ami_secret", encoding="utf-8") as stream:
    ami_secret = stream.read()
sections = {
    "odoo": {"url": env["CC_ODOO_URL"], "database": env["CC_ODOO_DATABASE"], **key},
    "ami": {"host": env["CC_AMI_HOST"], "port": 5038, "username": "bridge", "secret": ami_secret},
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
