#!/bin/bash
# Asterisk 22 and its whole library closure unpacked into .cache/asterisk, run with its own loader: no chroot, the machine's packages untouched.
# CC_ASTERISK=/usr/sbin/asterisk takes an installed one instead.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
root=$CACHE/asterisk
if [ -n "${CC_ASTERISK:-}" ]; then version=$("$CC_ASTERISK" -V)
else
  if ! stamped asterisk "$0"; then
    say "Asterisk 22 (270 MB unpacked)"
    unpack() {
      rm -rf "$root.new"; mkdir -p "$root.new"
      private_apt "${CC_ASTERISK_SUITE:-forky}" "$CACHE/apt-asterisk"
      "${apt[@]}" update
      rm -f "$CACHE"/apt-asterisk/debs/*.deb
      "${apt[@]}" install -y --download-only asterisk asterisk-core-sounds-en-gsm asterisk-moh-opsound-gsm
      for d in "$CACHE"/apt-asterisk/debs/*.deb; do dpkg-deb --fsys-tarfile "$d" | tar -x -C "$root.new" --keep-directory-symlink; done
      ln -sfn en_US_f_Allison "$root.new/usr/share/asterisk/sounds/en"   # the package does this when it is configured
      rm -rf "$root"; mv "$root.new" "$root"; rm -f "$CACHE"/apt-asterisk/debs/*.deb
    }
    logged asterisk unpack
    stamp asterisk "$0"
  fi
  version=$("$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/sbin/asterisk" -V)
fi
case $version in "Asterisk 22."*) ;; *) echo "Asterisk 22 is needed, found: $version" >&2; exit 1;; esac
