#!/bin/bash
# Fills the configuration templates in, in memory, and becomes Asterisk. Other folders as in the Debian package, sockets
# open to the compose network (nginx and bridge are other containers); what leaves the host is said by docker-compose.yml.
set -euo pipefail
umask 027
# all logs go to standard output
exec 2>&1
secret=$(< /run/secrets/ami_secret)
etc=/run/asterisk/etc generated=/etc/asterisk/cc media=${CC_MEDIA_ADDRESS:-127.0.0.1} code=${CC_PBX_CODE:-main} rtp=${CC_RTP_PORTS:-20000-20099}
mkdir -p $etc /tmp/asterisk /var/log/asterisk/{cdr-csv,cel-custom} /var/lib/asterisk/spool/{voicemail,outgoing,tmp}
ln -sfn /var/spool/asterisk/monitor /var/lib/asterisk/spool/monitor
[[ $secret =~ ^[A-Za-z0-9_-]{12,}$ ]] || { echo "CC_AMI_SECRET: 12 or more letters, digits, - and _" >&2; exit 1; }
[[ $media =~ ^[0-9a-fA-F.:]+$ ]] || { echo "CC_MEDIA_ADDRESS: an IP address" >&2; exit 1; }
[[ $rtp =~ ^[0-9]+-[0-9]+$ ]] || { echo "CC_RTP_PORTS: two numbers with - between them" >&2; exit 1; }
# the container's own addresses are offered to browsers as the host's, and as they are to the relay (TURN) beside it
ice=$(ip -o -4 addr show | awk -v media="$media" '$4 !~ /^127\./ {sub("/.*", "", $4); print $4 " => " media ",include_local_address"}')
for template in /usr/share/cc/asterisk/*.conf; do
  text=$(< "$template")
  text=${text//@RUN@\/etc/$etc} text=${text//@RUN@\/lib/\/var\/lib\/asterisk} text=${text//@RUN@\/cache/\/tmp\/asterisk}
  text=${text//@RUN@\/agi-bin/\/usr\/share\/asterisk\/agi-bin} text=${text//@RUN@\/spool\/monitor/\/var\/spool\/asterisk\/monitor}
  text=${text//@RUN@\/spool/\/var\/lib\/asterisk\/spool}
  text=${text//@RUN@\/run/\/tmp\/asterisk} text=${text//@RUN@\/log/\/var\/log\/asterisk}
  text=${text//@MODULES@/$(echo /usr/lib/*/asterisk/modules)} text=${text//@DATA@/\/usr\/share\/asterisk}
  text=${text//@NAME@/$code} text=${text//@HTTP_PORT@/8088} text=${text//@AMI_PORT@/5038} text=${text//@AMI_SECRET@/$secret}
  text=${text//@SIP_PORT@/5060} text=${text//@TRUNK_PORT@/5099} text=${text//@RTP_FIRST@/${rtp%-*}} text=${text//@RTP_LAST@/${rtp#*-}}
  text=${text//@ICE_MAP@/$ice} text=${text//@GENERATED@/$generated}
  printf '%s\n' "$text" > "$etc/${template##*/}"
done
# other containers come from the compose network, not from loopback
sed -i -e 's/^bindaddr = 127\.0\.0\.1/bindaddr = 0.0.0.0/' -e '/^deny\|^permit/d' $etc/http.conf $etc/manager.conf
# the user of the demo and the tests is not wanted here
sed -i '/^; the one who runs the demo/,$d' $etc/manager.conf
sed -i -e 's/^bind = 127\.0\.0\.1/bind = 0.0.0.0/' -e '/^media_address\|^bind_rtp_to_media_address/d' $etc/pjsip.conf
printf 'external_media_address = %s\nexternal_signaling_address = %s\n' "$media" "$media" > /tmp/external
sed -i -e '/^\[transport-udp\]/,/^$/{/^bind/r /tmp/external' -e '}' $etc/pjsip.conf
: > $etc/cc_pjsip_site.conf
# what comes in over a published port may show an address that is none here: answers go where it came from
sed -i -e '/^\[trunk\]/,/^$/{s/^rtp_symmetric = yes/rtp_symmetric = yes\nforce_rport = yes\nrewrite_contact = yes/' -e '}' $etc/pjsip.conf
# the trunk is a provider's, or nobody's
if [ -n "${CC_TRUNK_HOST:-}" ]; then
  [[ $CC_TRUNK_HOST =~ ^[A-Za-z0-9.:-]+$ ]] || { echo "CC_TRUNK_HOST: a name or an address" >&2; exit 1; }
  sed -i -e "s/^contact = sip:127\.0\.0\.1:.*/contact = sip:$CC_TRUNK_HOST/" -e "s/^match = .*/match = $CC_TRUNK_HOST/" -e '/^from_domain/d' $etc/pjsip.conf
fi
for name in cc_extensions cc_confbridge cc_pjsip cc_queues cc_hints; do [ -e "$generated/$name.conf" ] || : > "$generated/$name.conf"; done
exec asterisk -C $etc/asterisk.conf -f -q
