#!/bin/bash
# Local stand-ins under the public names of the images that the Dockerfiles and docker-compose.yml begin with, for a
# machine that reaches Debian's archive, PyPI and npm but no image registry. Made of Debian's packages and of what
# scripts/install.sh has fetched; kept below .cache/containers. The product's own files know nothing of them.
# shellcheck source=../../scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
here=$REPO/tests/compose
store=$CACHE/containers
# shellcheck source=podman.sh
. "$here/podman.sh"

# raise to make all anew
VERSION=2
inputs() { { echo $VERSION; cat "$@" < /dev/null; } | sha256sum | cut -c1-16; }
# has NAME FILE... : whether the image NAME was made of these very files
has() {
  local name=$1; shift
  podman image exists "$name" && [ "$(podman image inspect -f '{{index .Labels "cc.inputs"}}' "$name")" = "$(inputs "$@")" ]
}

# base NAME SUITE : a minimal Debian, with the certificates and settings by which this machine reaches its registries
base() {
  local name=$1 suite=$2 settings=$store/settings-$2
  has "$name" && return
  say "stand-in $name"
  rm -rf "$settings" && mkdir -p "$settings"/etc/{ssl/certs,apt/apt.conf.d,dpkg/dpkg.cfg.d} "$settings/root"
  # an archive's index may be past its date; signatures are checked all the same
  echo 'Acquire::Check-Valid-Until "false";' > "$settings/etc/apt/apt.conf.d/99past"
  # as the public images have it: an image that breaks while it is made is thrown away
  echo force-unsafe-io > "$settings/etc/dpkg/dpkg.cfg.d/unsafe"
  cp -L /etc/ssl/certs/ca-certificates.crt "$settings/etc/ssl/certs/"
  [ -f "$HOME/.npmrc" ] && cp "$HOME/.npmrc" "$settings/root/.npmrc"
  printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\ndisable-pip-version-check = true\n' > "$settings/etc/pip.conf"
  local index; index=$(pip config get global.index-url 2>/dev/null || true)
  [ -z "$index" ] || printf 'index-url = %s\n' "$index" >> "$settings/etc/pip.conf"
  logged "mmdebstrap-$suite" mmdebstrap --variant=minbase --include=ca-certificates --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt=force-unsafe-io --customize-hook="copy-in $settings/etc $settings/root /" "$suite" "$store/$suite.tar" "$(debian_mirror)"
  podman import -q --change "LABEL cc.inputs=$(inputs)" --change "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" \
    --change "ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt" \
    --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$store/$suite.tar" "$name" > /dev/null
  rm -f "$store/$suite.tar"
}

# made NAME FOLDER [ARGUMENT...] : built from stand_ins/FOLDER/Containerfile
made() {
  local name=$1 folder=$here/stand_ins/$2 more=(); shift 2
  mapfile -t files < <(find "$folder" -type f | sort)
  [ "$folder" = "$here/stand_ins/odoo" ] && more=("$REPO/requirements/odoo.txt" "$CACHE/stamps/odoo")
  has "$name" "${files[@]}" "${more[@]}" && return
  say "stand-in $name"
  logged "image-$(basename "$folder")" podman build -q --network host --label "cc.inputs=$(inputs "${files[@]}" "${more[@]}")" \
    -t "$name" "$@" "$folder"
}

public=docker.io/library
mkdir -p "$CACHE/pip"
npm=$(readlink -f "$(dirname "$(readlink -f "$(command -v npm)")")/..")
base $public/debian:bookworm-slim bookworm
base $public/debian:forky-slim forky
made $public/python:3.11-slim python
made localhost/cc-common common
made $public/node:20-slim node -v "$(command -v node)":/host/node:ro -v "$npm":/host/npm:ro
made $public/postgres:16 postgres
made $public/nginx:1.28-alpine nginx
made $public/odoo:19 odoo -v "$CACHE/odoo":/host/odoo:ro -v "$REPO/requirements":/host/requirements:ro -v "$CACHE/pip":/root/.cache/pip
