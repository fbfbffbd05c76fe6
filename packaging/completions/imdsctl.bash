# SPDX-License-Identifier: MIT
# bash completion of imdsctl and imdsd: commands, what stands behind them, and flags are those that --help prints.
_imdsd() {
  local help part words word command='' under='' flags='--socket --help --version'
  COMPREPLY=()
  case $3 in
    --socket | --config | --ca-file | --body-file) return ;; # a file: readline's own
  esac
  help=$("$1" --help 2>/dev/null)
  words=$(sed -nE 's/^  ([a-z][a-z-]*)( .*)?$/\1/p' <<<"$help" | sort -u)
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ -z $command ]]; then
      if grep -qxF -e "$word" <<<"$words"; then command=$word; fi
    elif [[ -z $under && $word != -* ]]; then
      under=$word
    fi
  done
  # Behind the command of exec, the program's own.
  if [[ $command == exec && $2 != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -c -- "$2")
    return
  fi
  # The lines about the command, and about the word behind it where it has such.
  part=$(awk -v c="$command" -v u="$under" '/^  [a-z-]/ { on = c == "" || ($1 == c && (u == "" || $2 !~ /^[a-z-]+$/ || $2 == u)) } on' <<<"$help")
  if [[ $2 == -* ]]; then
    case $command in fault | event | set | unset) flags+=' --instance --json' ;; esac
    flags+=" $(grep -oE -e '--[a-z][a-z0-9-]*' <<<"$part" | sort -u)"
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$2" | sort -u)
    return
  fi
  if [[ -n $command ]]; then
    if [[ -n $under ]]; then return; fi
    words=$(sed -nE "s/^  $command ([a-z][a-z-]*)( .*)?\$/\\1/p" <<<"$help" | sort -u)
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}
complete -o bashdefault -o default -F _imdsd imdsctl imdsd
