#!/bin/bash
# Odoo 19 Community unpacked into .cache/odoo (or ODOO_HOME: a git checkout or an installed package), and a venv that runs it.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
root=$CACHE/odoo
if [ -z "${ODOO_HOME:-}" ] && ! stamped odoo "$0"; then
  say "Odoo 19 Community (122 MB)"
  unpack() {
    rm -rf "$root.new"; mkdir -p "$root.new"
    private_apt sid "$CACHE/apt-sid"
    "${apt[@]}" update
    ( cd "$CACHE/apt-sid/debs" && rm -f ./*.deb && "${apt[@]}" download odoo-19 fonts-glyphicons-halflings fonts-montserrat fonts-ocr-b \
        fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore )
    # these two moved their files in the newer suite; the links inside Odoo expect the old places
    mkdir -p "$CACHE/apt-own"; ( cd "$CACHE/apt-own" && rm -f ./*.deb && apt-get -q download fonts-font-awesome fonts-inconsolata )
    for d in "$CACHE"/apt-sid/debs/*.deb "$CACHE"/apt-own/*.deb; do dpkg-deb -x "$d" "$root.new"; done
    # named by the mail bundle, dropped by the package: empty, else every page logs an error
    local seg=$root.new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
    [ -e "$seg" ] || { mkdir -p "$(dirname "$seg")"; : > "$seg"; }
    local dangling; dangling=$(find "$root.new" -xtype l | head)
    [ -z "$dangling" ] || { echo "links without a target: $dangling" >&2; return 1; }
    rm -rf "$root"; mv "$root.new" "$root"; rm -f "$CACHE"/apt-sid/debs/*.deb "$CACHE"/apt-own/*.deb
  }
  logged odoo unpack
  stamp odoo "$0"
fi
