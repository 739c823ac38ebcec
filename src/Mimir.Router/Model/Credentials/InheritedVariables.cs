namespace Mimir.Router.Model.Credentials;

/// <summary>
/// The variables of Mimir's own environment that every child gets: what programs need to find their way, and nothing that is likely to hold a
/// secret. No secret may have such a name, so that nothing is both.
/// </summary>
public static class InheritedVariables
{
    private static readonly HashSet<string> Everywhere = new(
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ",
    };

    private static readonly HashSet<string> OnWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        "ALLUSERSPROFILE", "APPDATA", "COMSPEC", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS", "OS", "PATHEXT",
        "PROCESSOR_ARCHITECTURE", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "PUBLIC", "SYSTEMDRIVE",
        "SYSTEMROOT", "USERDOMAIN", "USERNAME", "USERPROFILE", "WINDIR",
    };

    /// <summary>Whether a variable is one of them.</summary>
    public static bool Holds(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Everywhere.Contains(name)
            || name.StartsWith("LC_", StringComparison.Ordinal)
            || name.StartsWith("XDG_", StringComparison.Ordinal)
            || (OperatingSystem.IsWindows() && OnWindows.Contains(name));
    }
}
