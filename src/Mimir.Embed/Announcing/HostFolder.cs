using System.Runtime.InteropServices;

namespace Mimir.Embed.Announcing;

/// <summary>Where running hosts of a user are announced, each by a file.</summary>
public static class HostFolder
{
    /// <summary>
    /// The folder of the user: <c>hosts</c> in <c>$XDG_STATE_HOME/mimir</c> where that is an absolute path, else in <c>~/.local/state/mimir</c> on
    /// Linux, <c>~/Library/Application Support/mimir</c> on macOS and <c>%LOCALAPPDATA%\mimir</c> on Windows.
    /// </summary>
    /// <returns>Null when there is no home folder.</returns>
    public static string? ForUser() => ForUser(Environment.GetEnvironmentVariable);

    internal static string? ForUser(Func<string, string?> variable) => OfUser("hosts", variable);

    /// <summary>Where routers of the user wait for apps to come: <c>doors</c>, beside the folder of the hosts.</summary>
    internal static string? DoorsForUser(Func<string, string?> variable) => OfUser("doors", variable);

    private static string? OfUser(string name, Func<string, string?> variable)
    {
        if (variable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)) return Path.Combine(state, "mimir", name);
        var isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        if (variable(isWindows ? "LOCALAPPDATA" : "HOME") is not { Length: > 0 } home || !Path.IsPathRooted(home)) return null;
        var parts = isWindows ? new[] { home, "mimir", name }
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? new[] { home, "Library", "Application Support", "mimir", name }
            : new[] { home, ".local", "state", "mimir", name };
        return Path.Combine(parts);
    }
}
