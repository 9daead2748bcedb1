#!/usr/bin/env bash
# Tells certcourier of a certificate that was just issued or renewed: a hook of certbot, lego and acme.sh.
#
#   cert-renewed-emit.sh                                         as a hook; the client's environment names the files
#   cert-renewed-emit.sh --name NAME --cert FULLCHAIN --key KEY  by hand, and for other clients
#   cert-renewed-emit.sh --flush                                 sends what lies in the spool; for a timer
#   --again, with the first two                                  a new event for a certificate that was sent before
#
# The event is written to the spool, sent, and deleted once the brokers have it. The private key leaves this host only as a
# JWE, and is in no argument, environment or file of ours. Sending a certificate twice is harmless: its event has the same id.
#
# Settings: /etc/certcourier/emit.conf, or the file that CERTCOURIER_EMIT_CONF names; see emit.conf beside this script.
#
# Exit codes, those of sysexits.h:
#    0  the brokers have the event; with --flush: the spool is empty
#   64  it was called wrongly, or by a client it does not know
#   65  certificate or key cannot be used; nothing is kept, calling again as it is will not help
#   69  a tool is missing: openssl, jq, jose, kcat
#   73  the spool cannot be written to, or others can read it; nothing is kept
#   75  the event is in the spool and not sent; --flush will
#   78  a setting is missing or wrong; nothing is kept
set -euo pipefail
umask 077
export LC_ALL=C

readonly USAGE=64 BAD_DATA=65 NO_TOOL=69 NO_SPOOL=73 NOT_SENT=75 BAD_CONFIG=78
readonly MAX_PEM=32768 MAX_ID=256 MAX_FAILURES=3

conf_file=${CERTCOURIER_EMIT_CONF:-/etc/certcourier/emit.conf}
declare -A conf=(
  [kafka-config]=/etc/certcourier/kcat.conf
  [recipient-key]=/etc/certcourier/recipient.jwk
  [topic]=cert-renewed
  [spool]=/var/spool/certcourier
  [source]=''
  [account]=''
  [targets]=''
)
mode=emit again=no client='' name='' cert='' key='' work='' event=''

say() { printf 'cert-renewed-emit: %s\n' "$*" >&2; }

# fail CODE TEXT..
fail() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

clean_up() { if [[ -n $work ]]; then rm -rf -- "$work"; fi; }

read_arguments() {
  while (($# > 0)); do
    case $1 in
      --flush) mode=flush ;;
      --again) again=yes ;;
      --name | --cert | --key)
        (($# > 1)) || fail $USAGE "$1 wants a value"
        client=hand
        printf -v "${1#--}" '%s' "$2"
        shift
        ;;
      *) fail $USAGE "unknown argument $1; the head of this script says what there is" ;;
    esac
    shift
  done
  if [[ $mode == flush && ($client == hand || $again == yes) ]]; then
    fail $USAGE "--flush takes no other argument"
  fi
}

# Lines of the form key=value, nothing that a shell would run.
read_settings() {
  local line setting number=0
  [[ -r $conf_file ]] || fail $BAD_CONFIG "$conf_file cannot be read"
  while IFS= read -r line || [[ -n $line ]]; do
    number=$((number + 1))
    if [[ $line =~ ^[[:space:]]*(#|$) ]]; then
      continue
    fi
    setting=${line%%=*}
    if [[ $line != *=* || -z ${conf[$setting]+known} ]]; then
      fail $BAD_CONFIG "$conf_file, line $number: not one of ${!conf[*]}, followed by = and a value"
    fi
    conf[$setting]=${line#*=}
  done <"$conf_file"
  [[ -r ${conf[kafka-config]} ]] || fail $BAD_CONFIG "kafka-config: ${conf[kafka-config]} cannot be read"
  if [[ -z ${conf[source]} ]]; then
    conf[source]="urn:certcourier:acme:$(uname -n)"
  fi
  require_form source '^[!-~]{1,256}$'
  require_form account '^([a-z0-9][a-z0-9-]{0,62})?$'
  require_form targets '^([A-Z]+(@[A-Za-z0-9_-]+)?(,[A-Z]+(@[A-Za-z0-9_-]+)?)*)?$'
}

require_form() { [[ ${conf[$1]} =~ $2 ]] || fail $BAD_CONFIG "$1: '${conf[$1]}' does not fit $2"; }

require_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail $NO_TOOL "$tool is not installed"
  done
}

# Who called, and which files it has just written.
find_files() {
  if [[ $client == hand ]]; then
    [[ -n $name && -n $cert && -n $key ]] || fail $USAGE "--name, --cert and --key belong together"
  elif [[ -n ${RENEWED_LINEAGE:-} ]]; then
    client=certbot name=${RENEWED_LINEAGE##*/} cert=$RENEWED_LINEAGE/fullchain.pem key=$RENEWED_LINEAGE/privkey.pem
  elif [[ -n ${LEGO_HOOK_CERT_PATH:-} ]]; then # version 5
    client=lego name=${LEGO_HOOK_CERT_NAME:-} cert=$LEGO_HOOK_CERT_PATH key=${LEGO_HOOK_CERT_KEY_PATH:-}
  elif [[ -n ${LEGO_CERT_PATH:-} ]]; then # version 4
    client=lego name=${LEGO_CERT_DOMAIN:-} cert=$LEGO_CERT_PATH key=${LEGO_CERT_KEY_PATH:-}
  elif [[ -n ${CERT_FULLCHAIN_PATH:-} ]]; then
    client=acme.sh name=${Le_Domain:-} cert=$CERT_FULLCHAIN_PATH key=${CERT_KEY_PATH:-}
  else
    fail $USAGE "neither certbot, lego nor acme.sh has called, and there is no --name, --cert and --key"
  fi
  [[ $name =~ ^[A-Za-z0-9*][A-Za-z0-9._*/:@-]{0,252}$ ]] ||
    fail $BAD_DATA "the certificate's name has other characters than A-Z a-z 0-9 . _ * / : @ - or not 1 to 253 of them"
}

# A mistake that is found here is seen by the client's log; found by the service, only by who watches its outcomes.
check_files() {
  local file
  for file in "$cert" "$key"; do
    [[ -r $file ]] || fail $BAD_DATA "'$file' cannot be read"
  done
  (($(stat -Lc %s -- "$cert") <= MAX_PEM)) || fail $BAD_DATA "$cert is larger than $MAX_PEM bytes"
  # it is sent as it is, so a file with everything in it would put the key on the topic
  if grep -q 'PRIVATE KEY-----' -- "$cert"; then
    fail $BAD_DATA "$cert holds a private key; it must hold certificates only"
  fi
  (($(grep -c -e '-----BEGIN CERTIFICATE-----' -- "$cert") > 1)) ||
    fail $BAD_DATA "$cert does not hold the leaf and its issuer (for lego: leave out --no-bundle)"
  openssl x509 -in "$cert" -noout -pubkey >"$work/certified" 2>/dev/null || fail $BAD_DATA "$cert is no certificate"
  openssl pkey -in "$key" -passin pass: -pubout >"$work/public" 2>/dev/null ||
    fail $BAD_DATA "$key is no private key, or one behind a passphrase"
  cmp -s "$work/certified" "$work/public" || fail $BAD_DATA "$key does not belong to the certificate in $cert"
}

# Leaves the JWE of the key in $work/jwe; the key itself is read by jose alone.
encrypt_key() {
  local template
  [[ -r ${conf[recipient-key]} ]] || fail $BAD_CONFIG "recipient-key: ${conf[recipient-key]} cannot be read"
  jq -ce 'if .keys then .keys[0] else . end
    | select(.kty == "EC" and .crv == "P-256" and (.kid | type == "string") and (has("d") | not)) | {kty, crv, x, y, kid}' \
    <"${conf[recipient-key]}" >"$work/recipient" 2>/dev/null ||
    fail $BAD_CONFIG "recipient-key: ${conf[recipient-key]} is no public JWK: EC on P-256, with kid, without d"
  template=$(jq -c '{protected: {alg: "ECDH-ES+A256KW", enc: "A256GCM", kid}}' <"$work/recipient")
  jose jwe enc -c -I "$key" -i "$template" -k "$work/recipient" -o "$work/jwe" 2>/dev/null ||
    fail $BAD_CONFIG "recipient-key: jose cannot encrypt to ${conf[recipient-key]}"
}

# Leaves the structured CloudEvent in $work/event. Its id is what makes a repetition a repetition.
write_event() {
  local fingerprint id
  fingerprint=$(openssl x509 -in "$cert" -outform DER | sha256sum)
  fingerprint=${fingerprint%% *}
  id=$name:$fingerprint
  if ((${#id} > MAX_ID - 11)); then # --again needs 11 more
    id=$(printf '%s' "$name" | sha256sum)
    id=${id%% *}:$fingerprint
  fi
  if [[ $again == yes ]]; then
    id+=:$(date +%s)
  fi
  jq -cjn --arg id "$id" --arg source "${conf[source]}" --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg name "$name" \
    --arg fingerprint "$fingerprint" --arg by "$client@$(uname -n)" --arg account "${conf[account]}" \
    --arg targets "${conf[targets]}" --rawfile cert "$cert" --rawfile jwe "$work/jwe" '
    {specversion: "1.0", type: "io.certcourier.certificate.renewed.v1", source: $source, id: $id, time: $time, subject: $name,
      datacontenttype: "application/json", partitionkey: $name, dataclassification: "restricted",
      data: ({certificateName: $name, certificatePem: $cert, privateKeyJwe: ($jwe | rtrimstr("\n")),
          fingerprintSha256: $fingerprint, requestedBy: $by}
        + if $account == "" then {} else {account: $account} end
        + if $targets == "" then {} else {targets: [$targets | split(",")[] | split("@")
            | {service: .[0]} + if .[1] then {project: .[1]} else {} end]} end)}' >"$work/event"
  event=${conf[spool]}/$(printf '%s' "$id" | sha256sum | cut -c 1-40).json
}

open_spool() {
  local spool=${conf[spool]}
  mkdir -p -- "$spool" 2>/dev/null || fail $NO_SPOOL "spool: $spool cannot be made"
  [[ -O $spool && $(stat -Lc %a -- "$spool") == 700 ]] ||
    fail $NO_SPOOL "spool: $spool must belong to $(id -un) and have the mode 0700"
  work=$(mktemp -d -- "$spool/.work.XXXXXXXX") || fail $NO_SPOOL "spool: $spool cannot be written to"
  exec {lock}<"$spool"
}

# All of it or nothing is in the spool, also after a power cut.
keep_event() {
  if ! { sync -- "$work/event" && mv -f -- "$work/event" "$event" && sync -- "${conf[spool]}"; }; then
    fail $NO_SPOOL "spool: the event cannot be kept in ${conf[spool]}"
  fi
}

# One sender at a time, so that none deletes what another has just replaced.
lock_spool() { flock -w 60 "$lock"; }

# send FILE: gives the event to the brokers and deletes it once all replicas in sync have it.
send() {
  local file=$1 subject
  subject=$(jq -er .data.certificateName <"$file") || { say "$file is no event; look at it and remove it"; return 1; }
  if ! kcat -P -F "${conf[kafka-config]}" -X acks=all -X message.timeout.ms=10000 -t "${conf[topic]}" -k "$subject" \
    -H 'content-type=application/cloudevents+json' "$file" >"$work/kcat" 2>&1; then
    say "$subject: not sent: $(grep -v -e '^% Reading configuration' -e '^$' -- "$work/kcat" | tail -n 1)"
    return 1
  fi
  say "$subject: sent"
  rm -f -- "$file"
}

emit() {
  find_files
  require_tools openssl jq jose kcat
  open_spool
  check_files
  encrypt_key
  write_event
  keep_event
  lock_spool || fail $NOT_SENT "$name: kept; another run holds ${conf[spool]}"
  if [[ -e $event ]]; then # else --flush was faster
    send "$event" || fail $NOT_SENT "$name: kept in ${conf[spool]}; --flush sends it"
  fi
}

flush() {
  local file failures=0
  [[ -e ${conf[spool]} ]] || return 0
  require_tools jq kcat
  open_spool
  lock_spool || fail $NOT_SENT "another run holds ${conf[spool]}"
  # left by a run that was killed: no key in clear, but litter
  find "${conf[spool]}" -mindepth 1 -maxdepth 1 -name '.work.*' -mmin +1440 -exec rm -rf -- {} +
  for file in "${conf[spool]}"/*.json; do
    if [[ -e $file ]] && ! send "$file"; then
      failures=$((failures + 1))
      # the brokers are away: the next run will ask them again
      ((failures < MAX_FAILURES)) || fail $NOT_SENT "the rest waits for the next run"
    fi
  done
  ((failures == 0)) || exit $NOT_SENT
}

trap clean_up EXIT
read_arguments "$@"
read_settings
"$mode"
