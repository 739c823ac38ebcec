using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>Permissions drawn at random, and what they mean by a reading of their own: slow, plain, and not the router's.</summary>
internal sealed class RandomPolicy
{
    private static readonly string[] s_patterns = ["*", "a*", "*b", "a_read", "a_write", "b", "ghost", "*://a*", "x://a", "y://*", "*ghost*"];
    private static readonly string[] s_tools = ["a_read", "b", "ghost"];
    private readonly Random _random;

    public RandomPolicy(int seed, IReadOnlyList<string> servers)
    {
        _random = new Random(seed);
        Model = new PermissionsModel
        {
            Servers = servers.Where(_ => Chance(2)).ToImmutableSortedDictionary(s => s, _ => Draw(), StringComparer.Ordinal),
            Namespaces = [.. Enumerable.Range(0, _random.Next(4)).Select(i => Namespace("n" + i, servers))],
        };
        Model = Model with { DefaultNamespace = Model.Namespaces.Length > 0 && Chance(2) ? Model.Namespaces[_random.Next(Model.Namespaces.Length)].Name : null };
    }

    public PermissionsModel Model { get; }

    /// <summary>The namespace that clients get who choose none, and whether they are served at all.</summary>
    public (NamespaceModel? Space, bool IsServed) Default => Model.DefaultNamespace is { } name ? (Model.Namespaces.Single(n => n.Name == name), true)
        : Model.Namespaces.Length switch { 0 => (null, true), 1 => (Model.Namespaces[0], true), _ => (null, false) };

    /// <summary>The name that a namespace gives a tool instead of its own; null for none.</summary>
    public static string? AliasOf(NamespaceModel? space, string server, string tool) =>
        space?.Overrides.Where(o => o.Owner == server && o.Tool == tool).Select(o => o.Name).FirstOrDefault();

    /// <summary>The five tiers, word for word.</summary>
    public bool IsAllowed(NamespaceModel? space, string server, char kind, string key)
    {
        if (Model.Servers.TryGetValue(server, out var always))
        {
            var rules = Of(always, kind);
            if (rules.Denied.Any(p => Fits(p, key)) || (!rules.Allowed.IsDefault && !rules.Allowed.Any(p => Fits(p, key))))
            {
                return false;
            }
        }

        if (space is null)
        {
            return true;
        }

        if (!space.Servers.Contains(server))
        {
            return false;
        }

        if (!space.Grants.TryGetValue(server, out var grant))
        {
            return !space.DeniesByDefault;
        }

        var own = Of(grant.Permissions, kind);
        ImmutableArray<string> allowed = own.Allowed.IsDefault ? [] : own.Allowed;
        return own.Denied.Contains(key) ? false
            : allowed.Contains(key) ? true
            : own.Denied.Any(p => Fits(p, key)) ? false
            : allowed.Any(p => Fits(p, key)) ? true
            : grant.IsAllowedByDefault ?? (own.Allowed.IsDefault && !space.DeniesByDefault);
    }

    private static bool Fits(string pattern, string key) => Regex.IsMatch(key, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    private static OfferRules Of(ServerPermissions permissions, char kind) => kind switch { 't' => permissions.Tools, 'p' => permissions.Prompts, _ => permissions.Resources };

    private NamespaceModel Namespace(string name, IReadOnlyList<string> servers)
    {
        string[] own = [.. servers.Where(_ => !Chance(3))];
        return new NamespaceModel(name)
        {
            Servers = [.. own],
            DeniesByDefault = Chance(3),
            IsMeta = Chance(4),
            Overrides = [.. own.SelectMany(s => s_tools.Where(_ => Chance(4)).Select(t => new ToolOverride(s, t) { Name = Chance(3) ? null : $"my_{s}_{t}", Description = "mine" }))],
            Grants = own.Where(_ => Chance(2)).ToImmutableSortedDictionary(s => s, _ => new NamespaceGrant(Draw(), Chance(2) ? null : Chance(2)), StringComparer.Ordinal),
        };
    }

    private ServerPermissions Draw() => new(Rules(), Rules(), Rules());

    private OfferRules Rules() => Chance(3) ? OfferRules.None : new OfferRules { Allowed = Chance(2) ? default : Patterns(), Denied = Chance(2) ? [] : Patterns() };

    private ImmutableArray<string> Patterns() => [.. Enumerable.Range(0, _random.Next(3)).Select(_ => s_patterns[_random.Next(s_patterns.Length)])];

    private bool Chance(int of) => _random.Next(of) == 0;
}
