#!/bin/sh
# The resolver is the one of this container: names are looked up anew, for containers that come back with another
# address. With a certificate in /certs the same is served on 443.
set -eu
resolver=$(awk '$1 == "nameserver" { print index($2, ":") ? "[" $2 "]" : $2; exit }' /etc/resolv.conf)
sed "s/@RESOLVER@/$resolver/" /usr/share/cc/default.conf > /etc/nginx/conf.d/default.conf
if [ -s /certs/tls.crt ]; then
  sed -i -e 's/^    listen 80;/    listen 443 ssl;\n    ssl_certificate \/certs\/tls.crt;\n    ssl_certificate_key \/certs\/tls.key;\n    ssl_protocols TLSv1.2 TLSv1.3;/' /etc/nginx/conf.d/default.conf
fi
exec nginx -g 'daemon off;'
