#!/usr/bin/env bash
# Tells Spark which GPUs a machine has (spark.executor.resource.gpu.discoveryScript, and
# spark.worker.resource.gpu.discoveryScript of a standalone worker): {"name":"gpu","addresses":["0","1"]}
set -euo pipefail

if ! addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader); then
  echo "Cannot find GPUs: expected nvidia-smi to list them, found: $addresses" >&2
  exit 1
fi
printf '{"name":"gpu","addresses":[%s]}\n' "$(sed 's/.*/"&"/' <<<"$addresses" | paste -sd,)"
