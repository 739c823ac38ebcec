using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Plugins;

/// <summary>The <c>[runtime]</c> of a plugin as its author wrote it.</summary>
/// <param name="Source">The whole of it.</param>
internal sealed record PluginRuntime(ConfigNode Source)
{
    /// <summary>A script or program in the folder.</summary>
    public Setting<string> Entry { get; init; }

    /// <summary>The program to start instead.</summary>
    public Setting<string> Command { get; init; }

    /// <summary>Its arguments.</summary>
    public Setting<IReadOnlyList<TextEntry>> Arguments { get; init; }

    /// <summary>Its environment, templates and all.</summary>
    public Setting<IReadOnlyList<TextEntry>> Environment { get; init; }

    /// <summary>The versions of Python.</summary>
    public Setting<string> Python { get; init; }

    /// <summary>Python packages.</summary>
    public Setting<IReadOnlyList<TextEntry>> Packages { get; init; }

    /// <summary>Where Python and its packages are.</summary>
    public Setting<string> Venv { get; init; }
}
