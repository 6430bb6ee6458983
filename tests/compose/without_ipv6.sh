#!/bin/sh
# Turns IPv6 off in the network that it runs in. Its addresses come by themselves a second after their interface, and
# Chromium breaks off what it is loading whenever an address of its host comes or goes (net::ERR_NETWORK_CHANGED).
for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
  [ ! -e "$all" ] || echo 1 > "$all"
done
