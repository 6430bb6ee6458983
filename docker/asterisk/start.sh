#!/bin/bash
# Fills the configuration templates in and becomes Asterisk. Folders as in the Debian package, sockets open to the
# compose network (nginx and bridge are other containers); what leaves the host is said by docker-compose.yml.
set -euo pipefail
etc=/etc/asterisk media=${CC_MEDIA_ADDRESS:-127.0.0.1} code=${CC_PBX_CODE:-main} rtp=${CC_RTP_FIRST:-20000}
mkdir -p $etc/cc /var/lib/asterisk /tmp/asterisk /var/log/asterisk/{cdr-csv,cel-custom} /var/spool/asterisk/{monitor,voicemail,outgoing,tmp}
[[ ${CC_AMI_SECRET:?} =~ ^[A-Za-z0-9_-]{12,}$ ]] || { echo "CC_AMI_SECRET: 12 or more letters, digits, - and _" >&2; exit 1; }
[[ $media =~ ^[0-9a-fA-F.:]+$ ]] || { echo "CC_MEDIA_ADDRESS: an IP address" >&2; exit 1; }
# the container's own addresses are offered to browsers as the host's
ice=$(ip -o -4 addr show | awk -v media="$media" '$4 !~ /^127\./ {sub("/.*", "", $4); print $4 " => " media}')
for template in /usr/share/cc/asterisk/*.conf; do
  text=$(< "$template")
  text=${text//@RUN@\/etc/$etc} text=${text//@RUN@\/lib/\/var\/lib\/asterisk} text=${text//@RUN@\/cache/\/tmp\/asterisk}
  text=${text//@RUN@\/agi-bin/\/usr\/share\/asterisk\/agi-bin} text=${text//@RUN@\/spool/\/var\/spool\/asterisk}
  text=${text//@RUN@\/run/\/tmp\/asterisk} text=${text//@RUN@\/log/\/var\/log\/asterisk}
  text=${text//@MODULES@/$(echo /usr/lib/*/asterisk/modules)} text=${text//@DATA@/\/usr\/share\/asterisk}
  text=${text//@NAME@/$code} text=${text//@HTTP_PORT@/8088} text=${text//@AMI_PORT@/5038} text=${text//@AMI_SECRET@/$CC_AMI_SECRET}
  text=${text//@SIP_PORT@/5060} text=${text//@TRUNK_PORT@/5099} text=${text//@RTP_FIRST@/$rtp} text=${text//@RTP_LAST@/$((rtp + 99))}
  text=${text//@ICE_MAP@/$ice} text=${text//@GENERATED@/$etc\/cc}
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
for name in cc_extensions cc_confbridge cc_pjsip cc_queues cc_hints; do [ -e "$etc/cc/$name.conf" ] || : > "$etc/cc/$name.conf"; done
exec asterisk -C $etc/asterisk.conf -f -q
