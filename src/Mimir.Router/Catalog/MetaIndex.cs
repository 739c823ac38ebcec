using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Mimir.Router.Catalog;

/// <summary>
/// The tools of a list by the instance that has them, for clients that name both: an instance is a server, or a cluster whose members
/// stand for one another. Immutable.
/// </summary>
internal sealed class MetaIndex
{
    private static readonly ConditionalWeakTable<MergedList, MetaIndex> s_made = [];
    private readonly Dictionary<string, Dictionary<string, Route>> _tools = new(StringComparer.Ordinal);

    private MetaIndex(MergedList list)
    {
        // What the operator called so comes first, then what the server calls so; who is left goes by the name that all clients see.
        foreach (var route in list.Routes.Where(static r => r.Entry.Alias is not null))
        {
            Of(route).TryAdd(route.Entry.Alias!, route);
        }

        foreach (var route in list.Routes.Where(static r => r.Entry.Alias is null))
        {
            if (!Of(route).TryAdd(route.Entry.Key, route))
            {
                Of(route).TryAdd(route.Shown, route);
            }
        }
    }

    /// <summary>The index of a list, made once.</summary>
    public static MetaIndex Of(MergedList list) => s_made.GetValue(list, static l => new MetaIndex(l));

    /// <summary>The instance a server belongs to.</summary>
    public static string InstanceOf(Upstreams.Lifecycle.ServerPool pool) => pool.Model.Cluster ?? pool.Model.Name;

    /// <summary>The tools of an instance by their names there, in no order; none for one that lists none.</summary>
    public IReadOnlyDictionary<string, Route> ToolsOf(string instance) =>
        _tools.TryGetValue(instance, out var tools) ? tools : FrozenDictionary<string, Route>.Empty;

    /// <summary>A tool by its name there, or by the one that stands in the lists of clients that are given all tools.</summary>
    public Route? Find(string instance, string tool)
    {
        var tools = ToolsOf(instance);
        return tools.TryGetValue(tool, out var route) ? route : tools.Values.FirstOrDefault(r => r.Shown == tool);
    }

    private Dictionary<string, Route> Of(Route route)
    {
        var instance = InstanceOf(route.Pool);
        if (!_tools.TryGetValue(instance, out var tools))
        {
            _tools.Add(instance, tools = new(StringComparer.Ordinal));
        }

        return tools;
    }
}
