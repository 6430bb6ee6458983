#!/bin/bash
# The first start installs the addons, sets the administrator's password and makes the PBX "main"; later starts serve.
set -euo pipefail
# the password of the database stands in Odoo's own environment alone, not in the container's or in arguments
PGPASSWORD=$(< /run/secrets/db_password)
export PGHOST=$HOST PGUSER=$USER PGPASSWORD
# all logs go to standard output
exec 2>&1
database=contact_centre
until pg_isready -q -d postgres; do sleep 1; done
installed=$(psql -d "$database" -Atc "SELECT count(*) FROM ir_config_parameter WHERE key = 'cc.container.installed'" 2>/dev/null || echo 0)
if [ "$installed" != 1 ]; then
  addons=${CC_ADDONS:-$(cd /opt/contact-centre/addons && echo cc_* | tr ' ' ',')}
  echo "first start: installing $addons"
  odoo -d "$database" -i "$addons" --load-language "${CC_LANGUAGES:-en_US}" --without-demo --stop-after-init --no-http --workers=0
  odoo shell -d "$database" --no-http --workers=0 --log-level=warn <<'PY'
with open("/run/secrets/admin_password", encoding="utf-8") as secret:
    env.ref("base.user_admin").password = secret.read()
env.ref("base.user_admin").group_ids |= env.ref("cc_telephony.group_admin")
env["ir.config_parameter"].set_param("cc.container.installed", "1")
env.cr.commit()
PY
  cc-pbx main
fi
exec odoo -d "$database"
