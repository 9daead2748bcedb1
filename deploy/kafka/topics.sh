#!/usr/bin/env bash
# Makes the four topics and sets their configuration; running it again corrects what has drifted. Never lowers a partition count.
#
#   deploy/kafka/topics.sh kafka.example.com:9092
#
# COMMAND_CONFIG      client properties file for a broker with TLS or SASL
# PARTITIONS          of cert-renewed, 6 by default: the most replicas that can read at once
# REPLICATION_FACTOR  3 by default; with 1 (a single broker) a lost disk is a lost event
# KAFKA_BIN           folder of kafka-topics.sh and kafka-configs.sh, if they are not on the PATH
set -euo pipefail

bootstrap=${1:?usage: topics.sh BOOTSTRAP_SERVERS}
partitions=${PARTITIONS:-6}
replication=${REPLICATION_FACTOR:-3}
export PATH="${KAFKA_BIN:+$KAFKA_BIN:}$PATH:/opt/kafka/bin"

connection=(--bootstrap-server "$bootstrap")
if [[ -n ${COMMAND_CONFIG:-} ]]; then
  connection+=(--command-config "$COMMAND_CONFIG")
fi

in_sync=$((replication > 2 ? replication - 1 : 1))
days=$((24 * 60 * 60 * 1000))

# topic NAME KEY=VALUE..
topic() {
  local name=$1 settings
  shift
  settings=$(IFS=,; printf '%s' "$*")
  kafka-topics.sh "${connection[@]}" --create --if-not-exists --topic "$name" \
    --partitions "$partitions" --replication-factor "$replication"
  kafka-configs.sh "${connection[@]}" --alter --entity-type topics --entity-name "$name" --add-config "$settings"
}

# The events carry private keys: deleted after 7 days, which is as long as a renewal may take, and never compacted.
topic cert-renewed \
  cleanup.policy=delete "retention.ms=$((7 * days))" max.message.bytes=65536 "min.insync.replicas=$in_sync"
topic cert-delivered cleanup.policy=delete "retention.ms=$((30 * days))" "min.insync.replicas=$in_sync"
topic cert-delivery-failed cleanup.policy=delete "retention.ms=$((30 * days))" "min.insync.replicas=$in_sync"
# Its records have no value; a compacted topic would take them for deletions.
topic cert-renewed-dlq cleanup.policy=delete "retention.ms=$((30 * days))" "min.insync.replicas=$in_sync"
