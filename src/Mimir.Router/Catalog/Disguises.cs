using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Catalog;

/// <summary>What a namespace shows of tools instead of what their servers say, by who owns them. Immutable.</summary>
public sealed class Disguises
{
    private readonly Dictionary<string, Dictionary<string, Disguise>> _byOwner = new(StringComparer.Ordinal);

    internal Disguises(IEnumerable<ToolOverride> overrides)
    {
        foreach (var shown in overrides)
        {
            if (!_byOwner.TryGetValue(shown.Owner, out var tools))
            {
                _byOwner.Add(shown.Owner, tools = new(StringComparer.Ordinal));
            }

            tools.Add(shown.Tool, new Disguise(shown));
        }
    }

    /// <summary>Whether a name is one of an owner's tools that are shown otherwise, or one that some servers would take for it.</summary>
    internal bool IsLikeOne(string owner, string tool) =>
        _byOwner.TryGetValue(owner, out var tools)
        && tools.Keys.Any(key => string.Equals(FixedArguments.Folded(key), FixedArguments.Folded(tool), StringComparison.OrdinalIgnoreCase));

    /// <summary>The names that were chosen.</summary>
    internal IEnumerable<string> Names => _byOwner.Values.SelectMany(static tools => tools.Values).Select(static d => d.Name).OfType<string>();

    internal Disguise? Find(string owner, string tool) => _byOwner.TryGetValue(owner, out var tools) ? tools.GetValueOrDefault(tool) : null;
}
