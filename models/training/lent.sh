#!/bin/bash
# Training, export and packing in one call, for a GPU that is lent for minutes: lent.sh START CORPUS RUN SECONDS [arguments of train.py]
#
# START: a checkpoint folder (weights_of.py). CORPUS: the folder of shards (corpus.py). RUN: is made, or gone on with. SECONDS: that all of it
# may take; 30 of them are kept for the export. Written beside the checkpoint: RUN/train.log, RUN/model (the ONNX folder), and the model in parts
# of 15 MB with their checksums, RUN/parts: `cat RUN/parts/model.* | tar x` joins them. With --from-layer not the model but what it lets learn
# (RUN/learned), which average.py joins with the rest at home. Where training fails, what it has learned until then is exported.
set -uo pipefail
[[ $# -ge 4 ]] || { sed -n '2,8s/^# \?//p' "$0" >&2; exit 2; }
start=$1 corpus=$2 run=$3 seconds=$4
shift 4
here=$(dirname "$(readlink -f "$0")")
mkdir -p "$run"
export PYTHONUNBUFFERED=1 TORCHINDUCTOR_CACHE_DIR=${TORCHINDUCTOR_CACHE_DIR:-$run/compiled}
minutes=$(awk "BEGIN { print ($seconds - 30) / 60 }")
python3 "$here/train.py" --init "$start" --corpus "$corpus/train-*" --eval "$corpus/eval-*" --out "$run" --minutes "$minutes" "$@" >>"$run/train.log" 2>&1 ||
  echo "Training failed after ${SECONDS} s, see the end of '$run/train.log' below; what it had learned is exported."
tail -n 15 "$run/train.log"
[[ -f "$run/model.safetensors" ]] || { echo "Nothing was learned: correct what the log says and call again." >&2; exit 1; }
rm -rf "$run/parts"
mkdir -p "$run/parts"
made=learned
[[ -d "$run/learned" ]] || { made=model; python3 "$here/export_onnx.py" --init "$run" --out "$run/model" || exit 1; }
cp "$run/log.jsonl" "$run/train.log" "$run/$made/"
tar -C "$run" -cf - "$made" | split -b 15600000 - "$run/parts/model."
# Whole when it is there: who waits for it takes all parts then.
(cd "$run/parts" && md5sum model.* >sums.tmp && mv sums.tmp sums)
echo "All of it took ${SECONDS} s; '$run/parts' has $(find "$run/parts" -name 'model.*' | wc -l) parts."
