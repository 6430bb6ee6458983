#!/bin/bash
# The first start installs the addons, sets the administrator's password and makes the PBX "main"; later starts serve.
set -euo pipefail
# the password of the database stands in Odoo's own environment alone, not in the container's or in arguments
PGPASSWORD=$(< /run/secrets/db_password)
export PGHOST=$HOST PGUSER=$USER PGPASSWORD
# all logs go to standard output
exec 2>&1
database=contact_centre

# Process 1 is this script: what it is told goes on to the Odoo that it has started
child='' ending=''
pass_on() { [ -z "$child" ] || kill "-$1" "$child" 2> /dev/null || true; }
trap 'ending=1; pass_on TERM' TERM INT
trap 'pass_on HUP' HUP
trap 'pass_on QUIT' QUIT
trap 'pass_on USR1' USR1
trap 'pass_on USR2' USR2
run() {
  local code
  "$@" &
  child=$!
  while :; do
    code=0
    wait "$child" || code=$?
    # a signal ends the waiting, not what is waited for
    kill -0 "$child" 2> /dev/null || break
  done
  child=''
  [ -z "$ending" ] || exit "$code"
  return "$code"
}
database_answers() {
  until pg_isready -q -d postgres; do
    [ -z "$ending" ] || exit 143
    sleep 1
  done
}

# Odoo's master ends when it needs another worker while the database is away. Docker starts a container anew whatever runs
# beside it. Podman does not while one that it depends on is not running, and never tries again: so this one ends when the
# database is back.
ended() {
  local code=$?
  [ -z "$ending" ] || return 0
  echo "Odoo has ended ($code): it begins anew when the database answers"
  database_answers
}
trap ended EXIT

database_answers
# a question that fails is no answer: what is installed must not be installed again
installed=$(psql -d postgres -Atc "SELECT count(*) FROM pg_database WHERE datname = '$database'")
[ "$installed" = 0 ] || installed=$(psql -d "$database" -Atc "SELECT count(*) FROM pg_class WHERE relname = 'ir_config_parameter'")
[ "$installed" = 0 ] || installed=$(psql -d "$database" -Atc "SELECT count(*) FROM ir_config_parameter WHERE key = 'cc.container.installed'")
if [ "$installed" != 1 ]; then
  addons=${CC_ADDONS:-$(cd /opt/contact-centre/addons && echo cc_* | tr ' ' ',')}
  echo "first start: installing $addons"
  run odoo -d "$database" -i "$addons" --load-language "${CC_LANGUAGES:-en_US}" --without-demo --stop-after-init --no-http --workers=0
  odoo shell -d "$database" --no-http --workers=0 --log-level=warn <<'PY'
with open("/run/secrets/admin_password", encoding="utf-8") as secret:
    env.ref("base.user_admin").password = secret.read()
env.ref("base.user_admin").group_ids |= env.ref("cc_telephony.group_admin")
env["ir.config_parameter"].set_param("cc.container.installed", "1")
env.cr.commit()
PY
  cc-pbx main
fi
run odoo -d "$database"
