#!/usr/bin/env bash
# Measures a release build on this machine: the workloads of `armature bench` against a server of its own, and beside DynamoDB
# Local when DYNAMODB_LOCAL_DIR names the folder of DynamoDBLocal.jar. Options replace the default ones of `armature bench` below.
set -euo pipefail
cd "$(dirname "$0")/.."
armature=build/release/src/cmd/armature
data=$(mktemp -d)
export AWS_ACCESS_KEY_ID=AKIDBENCH AWS_SECRET_ACCESS_KEY=bench AWS_DEFAULT_REGION=us-east-1
started=()
cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$data"
}
trap cleanup EXIT

ARMATURE_ROOT_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID ARMATURE_ROOT_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY \
  "$armature" serve --listen 127.0.0.1:0 --data "$data/db" --debug-bare-reply >"$data/out" &
server=$!
started+=("$server")
until endpoint=$(grep -o 'http://[0-9.:]*' "$data/out"); do
  kill -0 "$server" || exit 1
  sleep 0.05
done

options=(--items 10000 --seconds 3)
[ $# -gt 0 ] && options=("$@")
run() { "$armature" bench "${options[@]}" "$@"; }

echo "== Armature, durable"
run --endpoint "$endpoint" --server-pid "$server" --workload bare,get,put,put-gsi,put-stream,update,query,scan,ycsb-a,ycsb-b,ycsb-c,ycsb-f

[ -n "${DYNAMODB_LOCAL_DIR:-}" ] || exit 0
port=8123
(cd "$DYNAMODB_LOCAL_DIR" && exec java -Djava.library.path=./DynamoDBLocal_lib -jar DynamoDBLocal.jar -inMemory -port $port) \
  >"$data/local" 2>&1 &
peer=$!
started+=("$peer")
for _ in $(seq 100); do
  (: </dev/tcp/127.0.0.1/$port) 2>/dev/null && break
  sleep 0.1
done
for round in 1 2 3; do
  for workload in get put query; do
    echo "== round $round: DynamoDB Local in memory, then Armature"
    run --endpoint "http://127.0.0.1:$port" --server-pid "$peer" --warmup 3 --workload "$workload"
    run --endpoint "$endpoint" --server-pid "$server" --warmup 3 --workload "$workload"
  done
done
