# SPDX-License-Identifier: MIT
# fish completion of imdsctl: commands and flags are those that --help prints.
function __imdsctl_commands
    imdsctl --help 2>/dev/null | string match -rg '^  ([a-z][a-z-]*)(?: .*)?$' | sort -u
end
function __imdsctl_flags
    imdsctl --help 2>/dev/null | string match -arg -- '--([a-z][a-z0-9-]*)' | sort -u
end
function __imdsctl_has_command
    set -l words (commandline -opc)
    for word in (__imdsctl_commands)
        contains -- $word $words[2..]; and return 0
    end
    return 1
end
complete -c imdsctl -f -n 'not __imdsctl_has_command' -a '(__imdsctl_commands)'
complete -c imdsctl -n '__fish_seen_subcommand_from exec' -f -a '(__fish_complete_command)'
for flag in (__imdsctl_flags)
    complete -c imdsctl -l $flag
end
