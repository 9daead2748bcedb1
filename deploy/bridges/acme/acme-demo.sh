#!/usr/bin/env bash
# What docker-compose.yml's profile acme runs. For development only: the CA is nobody's, and its own TLS is not verified.
#
#   acme-demo.sh ca              Pebble on port 14000; it asks port 5002 of whom a name leads to
#   acme-demo.sh certbot DOMAIN  has a certificate issued, and the hook sends it; ends as the hook's --flush
set -euo pipefail
umask 077

readonly HOOK=${BASH_SOURCE[0]%/*}/cert-renewed-emit.sh
work=$(mktemp -d)
readonly work

ca() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=pebble \
    -addext subjectAltName=DNS:pebble -keyout "$work/tls.key" -out "$work/tls.pem" 2>"$work/openssl.log"
  cat >"$work/pebble.json" <<JSON
{"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "127.0.0.1:15000",
  "certificate": "$work/tls.pem", "privateKey": "$work/tls.key", "httpPort": 5002, "tlsPort": 5001,
  "ocspResponderURL": "", "externalAccountBindingRequired": false}}
JSON
  # by default it waits at random before it validates, and refuses every twentieth nonce: certbot asks only once more
  export PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0
  exec pebble -strict -config "$work/pebble.json"
}

issue() {
  local domain=$1
  install -d -m 0700 "$work/spool"
  printf 'bootstrap.servers=%s\n' "${KAFKA_BOOTSTRAP_SERVERS:?}" >"$work/kcat.conf"
  printf '%s\n' "kafka-config=$work/kcat.conf" "recipient-key=${RECIPIENT_KEY:?}" "spool=$work/spool" \
    source=urn:certcourier:acme:compose targets=CDN,ELB@cn-north-4 >"$work/emit.conf"
  export CERTCOURIER_EMIT_CONF=$work/emit.conf
  export PYTHONWARNINGS="ignore:Unverified HTTPS request" # said once, at the top
  certbot certonly --non-interactive --agree-tos --email ops@example.com --server https://pebble:14000/dir --no-verify-ssl \
    --config-dir "$work/etc" --work-dir "$work/lib" --logs-dir "$work/log" --standalone --http-01-port 5002 \
    --domain "$domain" --deploy-hook "$HOOK"
  # certbot ends with 0 whatever its hook did
  exec "$HOOK" --flush
}

case ${1:-} in
  ca) ca ;;
  certbot) issue "${2:?which domain}" ;;
  *)
    printf 'acme-demo: ca or certbot DOMAIN, not "%s"\n' "${1:-}" >&2
    exit 64
    ;;
esac
