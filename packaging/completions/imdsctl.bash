# SPDX-License-Identifier: MIT
# bash completion of imdsctl and imdsd: commands and flags are those that --help prints.
_imdsd() {
  local words flags
  COMPREPLY=()
  case $3 in
    --socket | --config | --ca-file) return ;; # a file: readline's own
  esac
  flags=$("$1" --help 2>/dev/null | grep -oE -e '--[a-z][a-z0-9-]*' | sort -u)
  words=$("$1" --help 2>/dev/null | sed -nE 's/^  ([a-z][a-z-]*)( .*)?$/\1/p' | sort -u)
  if [[ $2 == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$2")
    return
  fi
  local word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    # Behind the command of exec, the program's own.
    if [[ $word == exec ]]; then
      mapfile -t COMPREPLY < <(compgen -c -- "$2")
      return
    fi
    if grep -qxF -e "$word" <<<"$words"; then return; fi
  done
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}
complete -o bashdefault -o default -F _imdsd imdsctl imdsd
