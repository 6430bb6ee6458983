#!/bin/bash
# Writes the bridge's configuration from the environment and becomes the bridge.
set -euo pipefail
: "${CC_PBX_UUID:?the identifier of the PBX in Odoo}" "${CC_PBX_SECRET:?the secret of the PBX in Odoo}" "${CC_AMI_SECRET:?}"
umask 077
python3 - > /run/bridge.toml <<'PY'
import json
import os

env = os.environ
sections = {
    "odoo": {"url": env["CC_ODOO_URL"], "database": env["CC_ODOO_DATABASE"], "pbx": env["CC_PBX_UUID"], "secret": env["CC_PBX_SECRET"]},
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
    for key, value in values.items():
        print(f"{key} = {json.dumps(value)}")
PY
exec cc_bridge run --config /run/bridge.toml
