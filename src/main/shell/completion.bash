# Completes what can be typed after ./submit.sh, in bash and in zsh:
#
#   source <(./submit.sh completion bash)      # or zsh; in ~/.bashrc or ~/.zshrc with its full path
#
# Values of options that take files complete as files do. A test holds the options equal to the jobs'.
if [[ -n ${ZSH_VERSION-} ]]; then
  autoload -U +X compinit && compinit
  autoload -U +X bashcompinit && bashcompinit
fi

_prior_options() {
  local config='--config --set --print-config --help' model='--model --weights'
  case $1 in
    prepare) echo "$config --input --synthetic --output --mode" ;;
    train) echo "$config --run --mode --dry-run" ;;
    infer) echo "$config $model --input --output --partition --mode" ;;
    eval) echo "$config $model --input --output --compare --compare-weights --loss --mode" ;;
    describe) echo '--model --json --help' ;;
    import) echo '--format --input --output --config --set --clip --help' ;;
    export) echo '--format --model --weights --dtype --output --help' ;;
    bench) echo '--case --threads --seconds --input --set --help' ;;
    doctor) echo '--help' ;;
    demo) echo '--data --out --dry-run' ;;
  esac
}

_prior_values() {
  case $1-$2 in
    prepare---mode | eval---mode) echo 'errorifexists overwrite' ;;
    train---mode) echo 'resume overwrite errorifexists' ;;
    infer---mode) echo 'errorifexists overwrite append resume' ;;
    *---weights | *---compare-weights) echo 'online ema' ;;
    *---format) echo 'dalle2 diffusers' ;;
    *---dtype) echo 'fp32 fp16' ;;
  esac
}

_prior_submit() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} job=${COMP_WORDS[1]} words
  if [[ $COMP_CWORD -eq 1 ]]; then
    words='prepare train infer eval model bench demo doctor completion help'
  elif [[ $COMP_CWORD -eq 2 && $job == model ]]; then
    words='describe import export'
  elif [[ $COMP_CWORD -eq 2 && $job == completion ]]; then
    words='bash zsh'
  else
    [[ $job != model ]] || job=${COMP_WORDS[2]}
    words=$(_prior_values "$job" "$before")
    if [[ -z $words && $word == -* ]]; then words=$(_prior_options "$job"); fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}

complete -o default -F _prior_submit submit.sh ./submit.sh
