#!/bin/bash
# npm packages into .cache/js (linked as node_modules), and the SIP library of the browser phone built from one of them:
# JsSIP's package carries no bundle, esbuild makes one with the global name JsSIP. wavesurfer's own bundle is copied.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
js=$CACHE/js
lib=$REPO/addons/cc_telephony/static/lib/jssip/jssip.min.js
wave=$REPO/addons/cc_quality/static/lib/wavesurfer/wavesurfer.min.js
if ! stamped js "$REPO/package.json" "$REPO/package-lock.json" "$0" || [ ! -d "$js/node_modules" ]; then
  say "npm packages"
  packages() {
    mkdir -p "$js" && cp "$REPO"/package.json "$REPO"/package-lock.json "$REPO"/.npmrc "$js/"
    ( cd "$js" && npm ci --ignore-scripts )
  }
  logged js packages
  rm -f "$lib" "$wave"
  stamp js "$REPO/package.json" "$REPO/package-lock.json" "$0"
fi
[ -d "$REPO/node_modules" ] && [ ! -L "$REPO/node_modules" ] || ln -sfn "$js/node_modules" "$REPO/node_modules"
if [ ! -s "$lib" ]; then
  mkdir -p "$(dirname "$lib")"
  ( cd "$js" && echo 'window.JsSIP = require("jssip");' > entry.js \
    && node_modules/.bin/esbuild entry.js --bundle --minify --format=iife --log-level=warning --legal-comments=inline --outfile="$lib.new" )
  mv "$lib.new" "$lib"
fi
if [ ! -s "$wave" ]; then
  mkdir -p "$(dirname "$wave")"
  { printf '/*! wavesurfer.js, BSD-3-Clause\n'; cat "$js/node_modules/wavesurfer.js/LICENSE"; printf '*/\n'
    cat "$js/node_modules/wavesurfer.js/dist/wavesurfer.min.js"; } > "$wave.new"
  mv "$wave.new" "$wave"
fi
