#!/bin/bash
# network.sh COMMAND...: runs it in a network of the tests' own, joined to nothing; sweep.sh PROJECT --after takes it down.
# Podman adds interfaces to its host with each container. Here the browsers of other tests do not see them, and none of
# them gets an address while a browser of these tests is loading (without_ipv6.sh).
set -euo pipefail
name=cctest
within=(nsenter --net=/run/netns/$name)
# what a run that was killed has left is used as it is
if ! "${within[@]}" true 2> /dev/null; then
  ip netns del $name 2> /dev/null || true
  ip netns add $name
  "${within[@]}" sh "$(dirname "$0")/without_ipv6.sh"
  "${within[@]}" ip link set lo up
  # with no interface but lo a browser takes itself for offline
  "${within[@]}" ip link add outward type veth peer name outside
  "${within[@]}" ip address add 192.0.2.1/24 dev outward
  for device in outward outside; do "${within[@]}" ip link set $device up; done
  "${within[@]}" ip route add default dev outward
fi
exec "${within[@]}" "$@"
