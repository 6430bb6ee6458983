#!/bin/bash
# A relay from TCP to UDP for the user `contact`, to the containers beside it and nowhere else: whoever has the password
# (every browser phone) must not reach the rest of the world through it.
set -euo pipefail
umask 077
read -r own length < <(ip -o -4 addr show scope global | awk '{ split($4, a, "/"); print a[1], a[2]; exit }')
number() { local a b c d; IFS=. read -r a b c d <<< "$1"; echo $((a << 24 | b << 16 | c << 8 | d)); }
dotted() { echo "$(($1 >> 24 & 255)).$(($1 >> 16 & 255)).$(($1 >> 8 & 255)).$(($1 & 255))"; }
mask=$((0xffffffff << (32 - length) & 0xffffffff))
first=$(($(number "$own") & mask))
cat > /tmp/turnserver.conf <<CONF
listening-port=3478
listening-ip=$own
relay-ip=$own
min-port=20200
max-port=20299
no-udp
no-tls
no-dtls
no-tcp-relay
no-multicast-peers
no-cli
fingerprint
lt-cred-mech
realm=contact-centre
user=contact:$(< /run/secrets/turn_password)
denied-peer-ip=0.0.0.0-255.255.255.255
allowed-peer-ip=$(dotted $first)-$(dotted $((first | ~mask & 0xffffffff)))
pidfile=/tmp/turnserver.pid
userdb=/tmp/turndb
log-file=stdout
simple-log
CONF
exec turnserver -c /tmp/turnserver.conf
