#!/bin/bash
# The first start installs the addons; later starts serve. CC_ADDONS names what is installed.
set -euo pipefail
export PGHOST=$HOST PGUSER=$USER PGPASSWORD=$PASSWORD
database=contact_centre
args=(--db_host "$HOST" --db_user "$USER" --db_password "$PASSWORD" -d "$database")
installed=$(psql -d "$database" -Atc "SELECT count(*) FROM ir_module_module WHERE name = 'cc_telephony' AND state = 'installed'" 2>/dev/null || echo 0)
if [ "$installed" != 1 ]; then
  odoo "${args[@]}" -i "${CC_ADDONS:-cc_telephony,cc_crm_pop}" --stop-after-init --no-http --workers=0
fi
exec odoo "${args[@]}"
