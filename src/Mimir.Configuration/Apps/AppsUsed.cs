using System.Collections.Immutable;

namespace Mimir.Configuration.Apps;

/// <summary>The servers of a configuration that are apps.</summary>
/// <param name="Folder">The folder on which it depends which of them run; null when no server is an app.</param>
/// <param name="Servers">The names of servers, each with that of its app.</param>
public sealed record AppsUsed(string? Folder, ImmutableArray<(string Server, string App)> Servers)
{
    /// <summary>Where there are none.</summary>
    public static AppsUsed None { get; } = new(null, []);
}
