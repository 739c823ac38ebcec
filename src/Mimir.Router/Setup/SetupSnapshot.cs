using System.Collections.Immutable;

namespace Mimir.Router.Setup;

/// <summary>What is set up. Safe to show: no secret stands in it.</summary>
public sealed record SetupSnapshot
{
    /// <summary>Full path of the file or folder of the configuration.</summary>
    public string Place { get; init; } = "";

    /// <summary>The profile in force.</summary>
    public string Profile { get; init; } = "default";

    /// <summary>Everything that was found wrong, a line each, with its place and what to do.</summary>
    public ImmutableArray<string> Issues { get; init; } = [];

    /// <summary>Whether the configuration has errors, so that what it said before goes on.</summary>
    public bool HasErrors { get; init; }

    /// <summary>Hosts of the inventory.</summary>
    public int Hosts { get; init; }

    /// <summary>Services of the inventory.</summary>
    public int Services { get; init; }

    /// <summary>The types of the hosts, each once, in order.</summary>
    public ImmutableArray<string> HostTypes { get; init; } = [];

    /// <summary>What keeps memories; <c>noop</c> for nothing.</summary>
    public string MemoryBackend { get; init; } = "noop";

    /// <summary>All plugins that were found, those set aside too.</summary>
    public ImmutableArray<SetupPlugin> Plugins { get; init; } = [];

    /// <summary>All servers that are written down, plugins among them.</summary>
    public ImmutableArray<SetupServer> Servers { get; init; } = [];

    /// <summary>The namespaces.</summary>
    public ImmutableArray<SetupNamespace> Namespaces { get; init; } = [];

    /// <summary>The namespace of clients that choose none; null where none was chosen for them.</summary>
    public string? DefaultNamespace { get; init; }

    /// <summary>The names of the secrets that are set, wherever.</summary>
    public ImmutableArray<string> SecretsSet { get; init; } = [];

    /// <summary>What waits for the operator: <c>mimir approve</c> and a ticket, and what it is, a line each.</summary>
    public ImmutableArray<string> Waiting { get; init; } = [];

    /// <summary>A plugin by its name, or null.</summary>
    public SetupPlugin? Find(string plugin) => Plugins.FirstOrDefault(p => p.Name == plugin);
}
