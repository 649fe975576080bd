"""Shell completion scripts for the command line."""

from __future__ import annotations

COMMANDS = ("whoami", "get", "call", "operations", "completion")

BASH = """\
_configcat_management() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" words=""
    case "$COMP_CWORD:${{COMP_WORDS[1]}}" in
        1:*) words="{commands}" ;;
        2:get) words="{resources}" ;;
        2:call|2:operations) words="{operations}" ;;
        2:completion) words="bash zsh fish" ;;
        *) words="--json --table" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -F _configcat_management configcat-management
"""

ZSH = """\
#compdef configcat-management
_configcat_management() {{
    case "$CURRENT:${{words[2]}}" in
        2:*) compadd {commands} ;;
        3:get) compadd {resources} ;;
        3:call|3:operations) compadd {operations} ;;
        3:completion) compadd bash zsh fish ;;
        *) compadd -- --json --table ;;
    esac
}}
compdef _configcat_management configcat-management
"""

FISH = """\
complete -c configcat-management -f
complete -c configcat-management -n __fish_use_subcommand -a "{commands}"
complete -c configcat-management -n "__fish_seen_subcommand_from get" -a "{resources}"
complete -c configcat-management -n "__fish_seen_subcommand_from call operations" -a "{operations}"
complete -c configcat-management -n "__fish_seen_subcommand_from completion" -a "bash zsh fish"
complete -c configcat-management -l json
complete -c configcat-management -l table
"""


def script(shell: str, resources: list[str], operations: list[str]) -> str:
    """Returns the completion script for a shell, as used by ``source <(configcat-management completion bash)``."""
    template = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell]
    return template.format(
        commands=" ".join(COMMANDS), resources=" ".join(resources), operations=" ".join(operations)
    )
