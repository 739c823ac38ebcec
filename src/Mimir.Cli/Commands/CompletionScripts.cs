namespace Mimir.Cli.Commands;

/// <summary>The scripts that have a shell ask <c>mimir complete</c> what may stand for a word. Where nothing may, files are offered.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # Completion of mimir for bash. For good: mimir completion bash > ~/.local/share/bash-completion/completions/mimir
        _mimir() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                COMPREPLY+=("$(printf '%q' "$line")")
            done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -o default -F _mimir mimir

        """;

    private const string Zsh = """
        #compdef mimir
        # Completion of mimir for zsh. For good: mimir completion zsh > a folder of $fpath, as _mimir
        _mimir() {
            local -a names
            names=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            names=(${names:#})
            if (( $#names )); then
                compadd -a names
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = "_mimir" ]; then
            _mimir "$@"
        else
            compdef _mimir mimir
        fi

        """;

    private const string Fish = """
        # Completion of mimir for fish. For good: mimir completion fish > ~/.config/fish/completions/mimir.fish
        function __mimir_complete
            set -l words (commandline -opc)
            set -l last (commandline -ct)
            set -l program $words[1]
            set -e words[1]
            $program complete -- $words "$last" 2>/dev/null
        end
        complete -c mimir -a '(__mimir_complete)'

        """;

    private const string PowerShell = """
        # Completion of mimir for PowerShell. For good: mimir completion powershell >> $PROFILE
        Register-ArgumentCompleter -Native -CommandName mimir -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
            # An empty word would be lost on the way.
            $next = if ($wordToComplete -eq '') { @('--next') } else { @() }
            & $commandAst.CommandElements[0].ToString() complete @next -- @words 2>$null | ForEach-Object {
                $text = if ($_ -match '\s') { "'" + $_.Replace("'", "''") + "'" } else { $_ }
                [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
            }
        }

        """;

    /// <summary>The script for a shell: bash, zsh, fish or powershell.</summary>
    public static string For(string shell) => shell switch
    {
        "zsh" => Zsh,
        "fish" => Fish,
        "powershell" => PowerShell,
        _ => Bash,
    };
}
