#!/bin/bash
# sweep.sh PROJECT: ends all that a compose project has running or kept: containers, networks, volumes, what they mounted.
# sweep.sh PROJECT --after: waits until its standard input ends, as it does when the tests are killed, and then does it;
# the last line that it has read is the process group of the command that was running then, 0 for none.
# Each step has an end of its own: Podman 4.3 can hang where something is left in a state that it does not expect.
# shellcheck source=../../scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=podman.sh
. "$(dirname "$0")/podman.sh"
project=${1:?usage: sweep.sh PROJECT [--after]}
if [ "${2-}" = --after ]; then
  group=0
  while read -r line; do group=$line; done
  [ "$group" = 0 ] || kill -KILL -- "-$group" 2> /dev/null || true
fi
of=(--filter "label=io.podman.compose.project=$project")
brief() { timeout -k 5 "$1" podman "${@:2}"; }
mapfile -t containers < <(brief 30 ps -aq "${of[@]}")
# those that would come back by themselves are all ended before any is removed
[ ${#containers[@]} = 0 ] || brief 60 kill "${containers[@]}" > /dev/null 2>&1 || true
for one in "${containers[@]}"; do brief 60 rm -f -v -t 1 --depend "$one" > /dev/null 2>&1 || true; done
mapfile -t volumes < <(brief 30 volume ls -q --filter "name=^${project}_")
for one in "${volumes[@]}"; do brief 30 volume rm -f "$one" > /dev/null 2>&1 || true; done
# those without a name that images declare; the store is the tests' own
brief 60 volume prune -f > /dev/null 2>&1 || true
mapfile -t networks < <(brief 30 network ls -q "${of[@]}")
for one in "${networks[@]}"; do brief 30 network rm -f "$one" > /dev/null 2>&1 || true; done
# the browser behind a firewall (behind_firewall.py)
ip netns list 2>/dev/null | grep -q "^$project-office" && ip netns del "$project-office"
left=$(brief 30 ps -aq "${of[@]}"; brief 30 volume ls -q --filter "name=^${project}_"; brief 30 network ls -q "${of[@]}")
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
# the network in which the tests ran (network.sh); this script, still in it, keeps it to its end
[ "${2-}" != --after ] || ip netns del "$project" 2> /dev/null || true
