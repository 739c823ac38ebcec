namespace Mimir.Router.Model.Credentials;

/// <summary>What the name of a secret may be: that of an environment variable which nothing but a secret is expected in.</summary>
public static class CredentialNames
{
    /// <summary>Longest name, in characters.</summary>
    public const int MostCharacters = 128;

    /// <summary>The variable that holds the key of the vault. No child is ever given it.</summary>
    public const string KeyVariable = "MIMIR_VAULT_KEY";

    // Whoever sets one of these decides what a program runs or loads, and so would whoever may only add a secret.
    private static readonly HashSet<string> Obeyed = new(StringComparer.OrdinalIgnoreCase)
    {
        "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "IFS", "PATHEXT", "COMSPEC",
        "NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB",
        "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "DOTNET_STARTUP_HOOKS", "GCONV_PATH",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_EDITOR", "GIT_PAGER", "GIT_EXTERNAL_DIFF", "SSH_ASKPASS", "EDITOR", "VISUAL", "PAGER",
    };

    /// <summary>What speaks against a name, without a full stop and without the name, which may be a value in the wrong place.</summary>
    /// <returns>Null when nothing does.</returns>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsWritten(name))
        {
            return $"has letters, digits and underscores only, no digit first, at most {MostCharacters} of them";
        }

        if (InheritedVariables.Holds(name))
        {
            return "may not be that of a variable which every server gets (PATH, HOME, LC_*, XDG_* and the like)";
        }

        if (name.StartsWith("MIMIR_", StringComparison.OrdinalIgnoreCase))
        {
            return "may not begin with MIMIR_, which Mimir keeps for itself";
        }

        return IsObeyed(name) ? "may not be that of a variable which decides what programs load or run" : null;
    }

    /// <summary>Whether a variable of this name decides what programs load or run.</summary>
    public static bool IsObeyed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Obeyed.Contains(name)
            || name.StartsWith("LD_", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("DYLD_", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("CORECLR_", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a pattern can match one name only.</summary>
    public static bool IsLiteral(string pattern) => pattern.AsSpan().IndexOfAny('*', '?', '[') < 0;

    /// <summary>Whether a pattern says nothing at all of the name. Such a one is not looked for in the environment, which holds much that is no secret.</summary>
    public static bool IsAnything(string pattern) => pattern.AsSpan().IndexOfAnyExcept('*', '?') < 0;

    private static bool IsWritten(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return name.Length is > 0 and <= MostCharacters && !char.IsAsciiDigit(name[0]);
    }
}
