#!/bin/bash
# The first start installs the addons, sets the administrator's password and makes the PBX "main"; later starts serve.
set -euo pipefail
export PGHOST=$HOST PGUSER=$USER PGPASSWORD=$PASSWORD
database=contact_centre
until pg_isready -q -d postgres; do sleep 1; done
# the password of the database stands in the environment of Odoo alone, not in its arguments
installed=$(psql -d "$database" -Atc "SELECT count(*) FROM ir_config_parameter WHERE key = 'cc.container.installed'" 2>/dev/null || echo 0)
if [ "$installed" != 1 ]; then
  addons=${CC_ADDONS:-$(cd /opt/contact-centre/addons && echo cc_* | tr ' ' ',')}
  echo "first start: installing $addons"
  odoo -d "$database" -i "$addons" --load-language "${CC_LANGUAGES:-en_US}" --without-demo --stop-after-init --no-http --workers=0
  odoo shell -d "$database" --no-http --workers=0 --log-level=warn <<'PY'
import os
env.ref("base.user_admin").password = os.environ["CC_ADMIN_PASSWORD"]
env.ref("base.user_admin").group_ids |= env.ref("cc_telephony.group_admin")
env["ir.config_parameter"].set_param("cc.container.installed", "1")
env.cr.commit()
PY
  cc-pbx main
fi
exec odoo -d "$database"
