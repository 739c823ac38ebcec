using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Model.Routing;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Catalog;

/// <summary>What a <see cref="View"/> holds for as long as the configuration says the same.</summary>
/// <param name="Pools">The servers in configured order.</param>
/// <param name="Naming">How names are made.</param>
/// <param name="Limits">Bounds.</param>
/// <param name="Clusters">What is said of clusters.</param>
/// <param name="Access">What of the servers may be seen and called.</param>
/// <param name="Refusal">Why nobody is served, and what to do; null when clients are.</param>
public sealed record ViewContent(
    ImmutableArray<ServerPool> Pools, NamingModel Naming, LimitsModel Limits, ImmutableArray<ClusterModel> Clusters, Access Access, string? Refusal = null)
{
    /// <summary>What is shown of tools instead of what their servers say; null when nothing is.</summary>
    public Disguises? Disguises { get; init; }

    /// <summary>Whether tools are found and called by those of meta mode, and not listed one by one.</summary>
    public bool IsMeta { get; init; }

    /// <summary>One server alone, whose names pass as they are.</summary>
    public static ViewContent Of(ServerPool pool, RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(model);
        return new ViewContent([pool], model.Naming with { Prefix = PrefixMode.Never, LabelsDescriptions = false }, model.Limits, [], new Access(pool.Model.IsApart ? PermissionsModel.None : model.Permissions, null));
    }

    /// <summary>All servers.</summary>
    public static ViewContent OfAll(ImmutableArray<ServerPool> pools, RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ViewContent(Together(pools), model.Naming, model.Limits, model.Clusters, new Access(model.Permissions, null));
    }

    /// <summary>Those that may stand in a selection.</summary>
    private static ImmutableArray<ServerPool> Together(ImmutableArray<ServerPool> pools)
    {
        foreach (var pool in pools)
        {
            if (pool.Model.IsApart)
            {
                return pools.RemoveAll(static p => p.Model.IsApart);
            }
        }

        return pools;
    }

    /// <summary>The servers of a namespace.</summary>
    public static ViewContent Of(NamespaceModel space, ImmutableArray<ServerPool> pools, RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var access = new Access(model.Permissions, space);
        return new ViewContent([.. pools.Where(p => !p.Model.IsApart && access.Holds(p.Model.Name))], model.Naming, model.Limits, model.Clusters, access)
        {
            Disguises = space.Overrides.IsEmpty ? null : new Disguises(space.Overrides),
            IsMeta = space.IsMeta,
        };
    }

    /// <summary>What clients get that choose nothing: the namespace that is meant for them, all servers where there are no namespaces, and else no server but an advice.</summary>
    public static ViewContent OfDefault(ImmutableArray<ServerPool> pools, RouterModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var permissions = model.Permissions;
        var names = string.Join(", ", permissions.Namespaces.Select(s => s.Name));
        return permissions.Chosen is { } chosen ? Of(chosen, pools, model)
            : permissions.DefaultNamespace is { } gone ? OfAll([], model) with { Refusal = $"The namespace {gone} is not in the configuration any more." }
            : permissions.Namespaces.IsEmpty ? OfAll(pools, model)
            : OfAll([], model) with
            {
                Refusal = $"There are several namespaces, and none was chosen. Connect to /mcp/NAME, or start mimir serve with --namespace NAME, where NAME is one of {names}. "
                    + "The operator can set defaultNamespace.",
            };
    }
}
