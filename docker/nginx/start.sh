#!/bin/sh
# The resolver is the one of this container: names are looked up anew, for containers that come back with another
# address. With a certificate in /certs the same is served by TLS, on 8443.
set -eu
resolver=$(awk '$1 == "nameserver" { print index($2, ":") ? "[" $2 "]" : $2; exit }' /etc/resolv.conf)
sed "s/@RESOLVER@/$resolver/" /usr/share/cc/site.conf > /tmp/site.conf
if [ -d /certs ]; then
  [ -r /certs/tls.key ] || { echo "tls.key in the folder of certificates: not there, or not readable for the user $(id -u)" >&2; exit 1; }
  sed -i -e 's/^    listen 8080;/    listen 8443 ssl;\n    ssl_certificate \/certs\/tls.crt;\n    ssl_certificate_key \/certs\/tls.key;\n    ssl_protocols TLSv1.2 TLSv1.3;/' /tmp/site.conf
fi
exec nginx -c /usr/share/cc/nginx.conf -e /dev/stdout -g 'daemon off;'
