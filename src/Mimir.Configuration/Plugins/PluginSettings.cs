using System.Collections.Immutable;
using Mimir.Configuration.Model;

namespace Mimir.Configuration.Plugins;

/// <summary>What the operator says of plugins as a whole: <c>plugins</c> in <c>mimir.json</c>.</summary>
internal sealed record PluginSettings
{
    /// <summary>The profile. Default <c>default</c>.</summary>
    public Setting<string> Profile { get; init; }

    /// <summary>Whether a manifest without <c>[security]</c> is set aside.</summary>
    public bool IsStrict { get; init; } = true;

    /// <summary>Patterns over the names of plugins that may run although they ask to be confined.</summary>
    public ImmutableArray<string> Unconfined { get; init; } = [];

    /// <summary>Plugins that a command switched on or off, whatever their manifests say.</summary>
    public ImmutableDictionary<string, bool> Switches { get; init; } = ImmutableDictionary<string, bool>.Empty;
}
