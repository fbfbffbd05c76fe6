# SPDX-License-Identifier: MIT
# fish completion of imdsctl: commands, what stands behind them, and flags are those that --help prints.
function __imdsctl_help
    imdsctl --help 2>/dev/null
end
function __imdsctl_commands
    __imdsctl_help | string match -rg '^  ([a-z][a-z-]*)(?: .*)?$' | sort -u
end
# The command of this line, and the word behind it.
function __imdsctl_words
    set -l commands (__imdsctl_commands)
    set -l words (commandline -opc)
    set -l command
    for word in $words[2..]
        if test -z "$command"
            contains -- $word $commands; and set command $word; and echo $word
        else if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end
function __imdsctl_has_command
    test (count (__imdsctl_words)) -gt 0
end
function __imdsctl_under
    set -l words (__imdsctl_words)
    test (count $words) -eq 1; and __imdsctl_help | string match -rg "^  $words[1] ([a-z][a-z-]*)(?: .*)?\$" | sort -u
end
function __imdsctl_flags
    set -l words (__imdsctl_words)
    set -l command "$words[1]"
    set -l under "$words[2]"
    __imdsctl_help | awk -v c="$command" -v u="$under" '/^  [a-z-]/ { on = c == "" || ($1 == c && (u == "" || $2 !~ /^[a-z-]+$/ || $2 == u)) } on' | string match -arg -- '(--[a-z][a-z0-9-]*)' | sort -u
    contains -- "$command" fault event set unset; and string join \n -- --instance --json
    string join \n -- --socket --help --version
end
complete -c imdsctl -f -n 'not __imdsctl_has_command' -a '(__imdsctl_commands)'
complete -c imdsctl -n '__fish_seen_subcommand_from exec' -f -a '(__fish_complete_command)'
complete -c imdsctl -f -n 'count (__imdsctl_under) >/dev/null' -a '(__imdsctl_under)'
complete -c imdsctl -f -n 'string match -q -- "-*" (commandline -ct)' -a '(__imdsctl_flags)'
