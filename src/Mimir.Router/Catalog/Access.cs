using System.Collections.Immutable;
using Mimir.Router.Model.Permissions;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Catalog;

/// <summary>
/// Decides what of a server may be seen and called: the one decision behind lists and calls alike, by the server's name and the
/// original name of what it offers. Immutable.
/// </summary>
/// <remarks>
/// The first that speaks decides:
/// <list type="number">
/// <item>what is withheld from all clients, of whatever server: all prompts, or all resources;</item>
/// <item>what is said of the server wherever it is offered: what it denies, and what is not among what it allows, is denied;</item>
/// <item>what the namespace says of that name: a whole name before a pattern, a denial before a permission;</item>
/// <item>what the namespace says of the server's names by default: denied as well when it lists what it allows of that kind and says no more;</item>
/// <item>what the namespace says of all names by default;</item>
/// <item>it is allowed.</item>
/// </list>
/// A server that is not one of the namespace's has nothing to offer.
/// </remarks>
public sealed class Access
{
    private const string Climbing = "its uri holds '..' or a control character, so that no pattern tells what it leads to";
    private const int MostDecodings = 4;
    private readonly PermissionsModel _model;
    private readonly NamespaceModel? _space;

    /// <param name="model">What is said of servers wherever they are offered.</param>
    /// <param name="space">The namespace, or null for none.</param>
    public Access(PermissionsModel model, NamespaceModel? space)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _space = space;
    }

    /// <summary>All is allowed.</summary>
    public static Access Unbounded { get; } = new(PermissionsModel.None, null);

    /// <summary>Whether anything is said of anybody.</summary>
    public bool IsBounded => _space is not null || !_model.Servers.IsEmpty || Withholds;

    private bool Withholds => _model.WithholdsPrompts || _model.WithholdsResources;

    /// <summary>Whether a server is one of those that are offered.</summary>
    public bool Holds(string server) => _space is null || _space.Servers.Contains(server, StringComparer.Ordinal);

    /// <summary>Whether nothing that a server may ever offer can be denied.</summary>
    public bool IsUnbounded(string server) =>
        !Withholds && !_model.Servers.ContainsKey(server) && (_space is null || (Holds(server) && !_space.DeniesByDefault && !_space.Grants.ContainsKey(server)));

    /// <summary>Why something may not be seen and called; null when it may.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="kind">What it is. Templates are resources whose uri is the template.</param>
    /// <param name="key">The server's own name of it, or its uri.</param>
    public string? Objection(string server, ListKind kind, string key)
    {
        if (_space is null && _model.Servers.IsEmpty && !Withholds)
        {
            return null;
        }

        if (kind switch { ListKind.Tools => false, ListKind.Prompts => _model.WithholdsPrompts, _ => _model.WithholdsResources })
        {
            return $"clients are given no {(kind == ListKind.Prompts ? "prompts" : "resources")} here";
        }

        if (_model.Servers.TryGetValue(server, out var always) && Of(always, kind) is var rules)
        {
            if (Matches(rules.Denied, key))
            {
                return $"the server's denied{Word(kind)} hold it";
            }

            if (!rules.Allowed.IsDefault && !Matches(rules.Allowed, key))
            {
                return $"it is not among the server's allowed{Word(kind)}";
            }

            if (!rules.IsEmpty && ClimbsUp(kind, key))
            {
                return Climbing;
            }
        }

        return _space is null ? null
            : !Holds(server) ? $"the server is not in the namespace {_space.Name}"
            : In(_space, server, kind, key);
    }

    private static string? In(NamespaceModel space, string server, ListKind kind, string key)
    {
        var byDefault = !space.DeniesByDefault;
        if (space.Grants.TryGetValue(server, out var grant))
        {
            var rules = Of(grant.Permissions, kind);
            var (denied, allowed) = (Strength(rules.Denied, key), rules.Allowed.IsDefault ? 0 : Strength(rules.Allowed, key));
            if (!rules.IsEmpty && ClimbsUp(kind, key))
            {
                return Climbing;
            }

            if (denied + allowed > 0)
            {
                return denied >= allowed ? $"the namespace {space.Name} denies it by denied{Word(kind)}" : null;
            }

            byDefault = grant.IsAllowedByDefault ?? (rules.Allowed.IsDefault && byDefault);
        }

        return byDefault ? null : $"the namespace {space.Name} denies what it does not allow by name";
    }

    /// <summary>
    /// Whether a uri has a segment <c>..</c>, or a control character that some readers drop, as it stands or as whoever reads it may decode it.
    /// </summary>
    private static bool ClimbsUp(ListKind kind, string key)
    {
        if (kind is not (ListKind.Resources or ListKind.Templates))
        {
            return false;
        }

        for (var round = 0; round < MostDecodings; round++)
        {
            if (HasUpSegment(key) || key.AsSpan().ContainsAnyInRange('\0', '\u001f') || key.Contains('\u007f', StringComparison.Ordinal))
            {
                return true;
            }

            var decoded = key.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(key) : key;
            if (decoded == key)
            {
                return false;
            }

            key = decoded;
        }

        // What is encoded over and over is no uri that anybody means.
        return true;
    }

    private static bool HasUpSegment(string uri)
    {
        foreach (var segment in uri.AsSpan().SplitAny('/', '\\', ':', '?', '#'))
        {
            if (uri.AsSpan()[segment] is "..")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>2 for a whole name, 1 for a pattern that matches, 0 for neither.</summary>
    private static int Strength(ImmutableArray<string> patterns, string key)
    {
        var strength = 0;
        foreach (var pattern in patterns)
        {
            if (pattern == key)
            {
                return 2;
            }

            strength = Math.Max(strength, Glob.Matches(pattern, key) ? 1 : 0);
        }

        return strength;
    }

    private static bool Matches(ImmutableArray<string> patterns, string key) => Strength(patterns, key) > 0;

    private static OfferRules Of(ServerPermissions permissions, ListKind kind) => kind switch
    {
        ListKind.Tools => permissions.Tools,
        ListKind.Prompts => permissions.Prompts,
        _ => permissions.Resources,
    };

    private static string Word(ListKind kind) => kind switch
    {
        ListKind.Tools => "Tools",
        ListKind.Prompts => "Prompts",
        _ => "Resources",
    };
}
