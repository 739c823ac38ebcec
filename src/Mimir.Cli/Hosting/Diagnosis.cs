namespace Mimir.Cli.Hosting;

/// <summary>What a look at everything that is configured found. No server was started for it. Immutable.</summary>
internal sealed record Diagnosis
{
    /// <summary>The configuration that was looked at, or the place of the first one.</summary>
    public required string Place { get; init; }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether any of what was read keeps Mimir from using it.</summary>
    public bool HasErrors { get; init; }

    /// <summary>Everything that is wrong in the files, with its place and what to do.</summary>
    public IReadOnlyList<string> Issues { get; init; } = [];

    /// <summary>The profile of plugins in force.</summary>
    public string Profile { get; init; } = "default";

    /// <summary>Whether calls and changes are kept.</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>How many hosts the inventory holds.</summary>
    public int Hosts { get; init; }

    /// <summary>How many services it holds.</summary>
    public int Services { get; init; }

    /// <summary>The plugins that were found.</summary>
    public IReadOnlyList<PluginRow> Plugins { get; init; } = [];

    /// <summary>How many skills clients are given.</summary>
    public int Skills { get; init; }

    /// <summary>How many agents.</summary>
    public int Agents { get; init; }

    /// <summary>What keeps texts for models: <c>noop</c> for nothing, <c>file</c>.</summary>
    public string Memory { get; init; } = "noop";

    /// <summary>What is wrong with what it keeps, in a sentence; null for nothing.</summary>
    public string? MemoryFault { get; init; }

    /// <summary>The servers, plugins that are run among them.</summary>
    public IReadOnlyList<ServerCheck> Servers { get; init; } = [];

    /// <summary>MCP servers that listen on this machine, whoever started them.</summary>
    public IReadOnlyList<ListenerRow> Listeners { get; init; } = [];

    /// <summary>What to do next, the most urgent first; empty when nothing is missing.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];
}
