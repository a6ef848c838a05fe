#!/usr/bin/env bash
# Starts the jobs of this project on Spark. The options of each job are the job's own: see JOB --help.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$home/target/diffusion-prior.jar
embedded=$home/target/spark-embedded
dry_run=false
demo_rows=16000
spark_options=()
job_options=()

usage() {
  cat <<'TEXT'
usage: ./submit.sh JOB [--dry-run] [spark-submit options] [-- job options]
       ./submit.sh demo [--dry-run] [--data DIR] [--out DIR] [spark-submit options]
                        [-- options of prepare and train]

JOB is one of
  prepare   stored embeddings to training shards   --input IN|--synthetic N, --output OUT
  train     training shards to a model             --config FILE, --run DIR
  infer     texts to predicted image embeddings    --model RUN, --input IN, --output OUT
  eval      how good the predictions are           --model RUN, --input IN, --output OUT
  model     models from and to PyTorch             describe, import or export
  bench     how fast it is on this machine         --case NAME, --threads N, --seconds N
  demo      the four in a row, on synthetic pairs or on those of --data
  doctor    what this machine lacks, and the fix   FOLDER ... that jobs will write

completion bash | zsh   for a shell: source <(./submit.sh completion bash)
--dry-run   print the commands and run nothing
Without a lone --, and with one of the job's own options first, all options are the job's.
SPARK_HOME, where set, says which Spark to use; otherwise one is assembled under target/.
The default is --master local[*]. The exit status is spark-submit's.
TEXT
}

fail_usage() {
  printf 'submit.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

class_of() {
  case $1 in
    prepare) echo PriorPrepareJob ;;
    train) echo PriorTrainJob ;;
    infer) echo PriorInferJob ;;
    eval) echo PriorEvalJob ;;
    model) echo PriorModelTool ;;
    bench) echo PriorBench ;;
    doctor) echo PriorDoctor ;;
    *) fail_usage "Cannot start $1: expected prepare, train, infer, eval, model, bench, demo or doctor" ;;
  esac
}

is_job_option() {
  case ${1%%=*} in
    --config | --set | --print-config | --help | --input | --synthetic | --output) true ;;
    --mode | --model | --weights | --run | --case | --threads | --seconds | --partition) true ;;
    --compare | --compare-weights | --loss) true ;;
    --*) false ;;
    *) true ;; # describe, import, export, a folder
  esac
}

# Splits what follows the job's name into spark_options and job_options.
split_options() {
  if [[ ${1-} == --dry-run ]]; then
    dry_run=true
    shift
  fi
  if [[ $# -gt 0 && " $* " != *" -- "* ]] && is_job_option "$1"; then
    job_options=("$@")
    return
  fi
  while [[ $# -gt 0 && $1 != -- ]]; do
    if [[ $1 == --dry-run ]]; then dry_run=true; else spark_options+=("$1"); fi
    shift
  done
  job_options=("${@:2}")
}

# Prints a command as it could be typed, and runs it unless --dry-run was given.
run() {
  printf '+'
  printf ' %q' "$@"
  printf '\n'
  $dry_run || "$@"
}

# Builds the jar where it is missing or older than what it is made from.
build_jar() {
  local newer
  if [[ -f $jar ]]; then
    newer=$(cd "$home" && find pom.xml src/main jobs conf/reference.conf -newer "$jar" -print -quit)
    [[ -n $newer ]] || return 0
  fi
  run mvn -q -B -ntp -f "$home/pom.xml" -P quick -DskipTests package
}

# A Spark distribution of Maven's jars; src/main/spark/pom.xml says which version.
assemble_spark() {
  [[ $embedded/assembled -nt $home/src/main/spark/pom.xml ]] && return 0
  run "$home/src/main/shell/assemble-spark" "$embedded"
}

# The defaults of this project, and over them those of the Spark in use: --properties-file replaces
# the latter, so one file has to hold both.
defaults_file() {
  local own=$home/conf/spark-defaults.conf
  local theirs=${SPARK_CONF_DIR:-$1/conf}/spark-defaults.conf
  if [[ ! -f $theirs ]]; then
    echo "$own"
    return
  fi
  mkdir -p "$home/target"
  { cat "$own" && echo && cat "$theirs"; } >"$home/target/spark-defaults.conf"
  echo "$home/target/spark-defaults.conf"
}

has_option() {
  local option
  for option in "${spark_options[@]}"; do
    [[ $option == "$1" || $option == "$1="* ]] && return 0
  done
  return 1
}

# spark_submit CLASS JOB_OPTION...
spark_submit() {
  local class=$1 spark=${SPARK_HOME:-$embedded} command defaults
  shift
  defaults=$(defaults_file "$spark")
  command=("$spark/bin/spark-submit")
  has_option --properties-file || command+=(--properties-file "$defaults")
  if ! has_option --master && ! has_option spark.master \
    && ! grep -qE '^[[:space:]]*spark\.master[[:space:]=:]' "$defaults"; then
    command+=(--master 'local[*]')
  fi
  run "${command[@]}" "${spark_options[@]}" --class "$class" "$jar" "$@"
}

environment() {
  [[ -n ${SPARK_HOME-} ]] || assemble_spark
  build_jar
  export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
  if [[ ${SPARK_SUBMIT_OPTS-} != *log4j2.configurationFile* ]]; then
    SPARK_SUBMIT_OPTS="${SPARK_SUBMIT_OPTS:+$SPARK_SUBMIT_OPTS }-Dlog4j2.configurationFile=file:$home/conf/log4j2.properties"
  fi
  export SPARK_SUBMIT_OPTS
}

# What has to be there before Java can look for the rest.
doctor() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java found problems=()
  found=$("$java" -version 2>&1 | grep -m1 version) || found=none
  [[ $found == *'"17'* ]] \
    || problems+=("java     fix: expected Java 17, found $found as $java; set JAVA_HOME to a JDK 17")
  if [[ -n ${SPARK_HOME-} && ! -x $SPARK_HOME/bin/spark-submit ]]; then
    problems+=("spark    fix: expected bin/spark-submit in SPARK_HOME, found none in $SPARK_HOME; correct it, or unset it to have Spark assembled")
  fi
  if ! command -v mvn >/dev/null && [[ ! -f $jar ]]; then
    problems+=("maven    fix: expected mvn on the PATH to build the jar, found none; install Maven 3.6.3 or later")
  fi
  [[ ${#problems[@]} -eq 0 ]] && return 0
  printf '%s\n' "${problems[@]}"
  exit 2
}

completion() {
  case ${1-} in
    bash | zsh) cat "$home/src/main/shell/completion.bash" ;;
    *) fail_usage "Cannot complete ${1:-nothing}: expected bash or zsh" ;;
  esac
}

# The four jobs in a row, each over the other's output, all in one folder.
demo() {
  local data='' out=$home/target/demo dry=()
  while true; do
    case ${1-} in
      --dry-run) dry=(--dry-run) ;;
      --data | --out)
        [[ $# -ge 2 ]] || fail_usage "Cannot start the demo: $1 needs a folder"
        if [[ $1 == --data ]]; then data=$2; else out=$2; fi
        shift
        ;;
      *) break ;;
    esac
    shift
  done
  split_options "${dry[@]}" "$@"
  claim_folder "$out"
  environment
  local config=(--config "$home/conf/train-demo.conf") source=(--synthetic "$demo_rows")
  [[ -z $data ]] || source=(--input "$data")
  spark_submit PriorPrepareJob "${config[@]}" "${source[@]}" --output "$out/data" \
    --mode overwrite "${job_options[@]}"
  spark_submit PriorTrainJob "${config[@]}" --set "data.train=$out/data/train" \
    --set "data.val=$out/data/val" --run "$out/run" --mode overwrite "${job_options[@]}"
  spark_submit PriorInferJob --model "$out/run" --input "$out/data/test" \
    --output "$out/predicted" --mode overwrite
  spark_submit PriorEvalJob --model "$out/run" --input "$out/data/test" \
    --output "$out/eval" --mode overwrite
  demo_ending "$out"
}

# A demo overwrites what is in its folder, so the folder must be new, empty or a demo's.
claim_folder() {
  if [[ -d $1 && ! -f $1/.demo && -n $(ls -A "$1") ]]; then
    fail_usage "Cannot use $1 for the demo: expected a new, empty or earlier demo's folder, found other files"
  fi
  $dry_run && return 0
  mkdir -p "$1"
  touch "$1/.demo"
}

demo_ending() {
  cat <<TEXT

shards       $1/data
model        $1/run
report       $1/run/report.html
predictions  $1/predicted
evaluation   $1/eval

Next, your own pairs (a clip-retrieval folder, or Parquet):
  ./submit.sh prepare --input DIR --output DATA
  ./submit.sh train --config conf/train-base.conf --set data.train=DATA/train --run RUN
TEXT
}

case ${1-} in
  '') fail_usage 'Cannot start: no job was named' ;;
  help | -h | --help) usage ;;
  demo) demo "${@:2}" ;;
  completion) completion "${@:2}" ;;
  *)
    class=$(class_of "$1")
    split_options "${@:2}"
    [[ $1 != doctor ]] || doctor
    environment
    spark_submit "$class" "${job_options[@]}"
    ;;
esac
