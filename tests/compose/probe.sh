#!/bin/bash
# Whether this machine can run containers: one is started, with a network, a published port and a read-only root, from an
# image made of this machine's own shell. 0: yes. 3: its kernel forbids it, in the words of who tried. 1: something else.
# shellcheck source=../../scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=podman.sh
. "$(dirname "$0")/podman.sh"

# the kernel itself first: without these Podman takes itself for one without root, and fails in words of many kinds
if ! said=$(unshare --mount --net --pid --uts --ipc --fork sh -c 'mount -t tmpfs none /mnt' 2>&1); then
  echo "no namespaces or mounts of its own: ${said//$'\n'/ }"
  exit 3
fi

image=localhost/cc-probe
attempt() {
  if ! podman image exists $image; then
    local root; root=$(mktemp -d)
    mkdir -p "$root"/{bin,tmp,proc,sys,dev,etc,run}
    cp -L /bin/sh "$root/bin/sh"
    for library in $(ldd /bin/sh | grep -oE '/[^ ]+'); do mkdir -p "$root${library%/*}"; cp -L "$library" "$root$library"; done
    tar -C "$root" -c . | podman import -q - $image > /dev/null || { rm -rf "$root"; return 1; }
    rm -rf "$root"
  fi
  # in a network of its own: the browsers of other tests see no interface come and go
  # shellcheck disable=SC2016
  timeout -k 5 90 unshare --net sh -c 'ip link set lo up && exec "$@"' sh \
    podman run --rm --network podman -p 127.0.0.1::8080/udp --read-only --cap-drop all --user 5038 \
    --security-opt no-new-privileges $image /bin/sh -c 'echo a container lives'
}
said=$(attempt 2>&1) && grep -q 'a container lives' <<< "$said" && exit 0
reason=$(grep -v '^ *$' <<< "$said" | tail -3 | tr '\n' ' ')
echo "${reason:-nothing was said}"
grep -qiE 'operation not permitted|permission denied|not implemented|not supported|no such device|read-only file system|unknown filesystem|modprobe' <<< "$said" && exit 3
exit 1
