#!/bin/sh
# A store in a shell: apt-get install mosquitto-clients jq. Sends one message and says what becomes of it.
set -eu
id=$1 to=$2 text=$3
set -- -h "${BROKER:-127.0.0.1}" -p "${PORT:-1883}" -V 5 -q 1
[ -z "${PASSWORD:-}" ] || set -- "$@" -u "$STORE" -P "$PASSWORD"

# The broker keeps what is said while the store is away: for a day, under this client id.
mosquitto_sub "$@" -i "$STORE-shop" -c -x 86400 -F '%t %p' \
  -t "shopbell/v1/$STORE/status" -t "shopbell/v1/$STORE/rejected" -t "shopbell/v1/$STORE/inbound" |
  jq --raw-input --raw-output --unbuffered --arg id "$id" '
    capture("(?<topic>[^ ]*) (?<said>.*)") | (.said | fromjson) | select(.id == $id)
    | .state // .error.message' &

jq --null-input --compact-output --arg id "$id" --arg to "$to" --arg text "$text" \
  '{id: $id, to: $to, text: $text, purpose: "transactional"}' |
  mosquitto_pub "$@" -t "shopbell/v1/$STORE/jobs" -l
wait
