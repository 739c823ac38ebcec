using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>Permissions drawn at random, and what they mean by a reading of their own: slow, plain, and not the router's.</summary>
internal sealed class RandomPolicy
{
    private static readonly string[] s_patterns = ["*", "a*", "*b", "a_read", "a_write", "b", "ghost", "*://a*", "x://a", "y://*", "*ghost*"];
    private static readonly string[] s_tools = ["a_read", "b", "ghost"];
    private static readonly string[] s_ownPatterns = ["*", "mcpmu_*", "mcp_router_*", "mcpmu_b", "mcp_router_call", "*_b", "ghost"];
    private readonly Random _random;

    /// <summary>The name of the server of the router's own tools.</summary>
    public const string Own = "own";

    /// <summary>Its tools.</summary>
    public static readonly string[] OwnTools = ["mcpmu_a", "mcpmu_b", "mcp_router_add", "mcp_router_call"];

    public RandomPolicy(int seed, IReadOnlyList<string> servers)
    {
        _random = new Random(seed);
        Model = new PermissionsModel
        {
            Servers = servers.Where(_ => Chance(2)).ToImmutableSortedDictionary(s => s, Draw, StringComparer.Ordinal),
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
            Overrides = [.. own.SelectMany(s => (s == Own ? OwnTools : s_tools).Where(_ => Chance(4)).Select(t => Override(s, t)))],
            Grants = own.Where(_ => Chance(2)).ToImmutableSortedDictionary(s => s, s => new NamespaceGrant(Draw(s), Chance(2) ? null : Chance(2)), StringComparer.Ordinal),
        };
    }

    /// <summary>What calls others is given one instance besides, now and then.</summary>
    private ToolOverride Override(string server, string tool) => new(server, tool)
    {
        Name = Chance(3) ? null : $"my_{server}_{tool}",
        Description = "mine",
        Arguments = tool == "mcp_router_call" && Chance(2)
            ? ImmutableSortedDictionary<string, string>.Empty.Add("instance_name", "\"x\"")
            : ImmutableSortedDictionary<string, string>.Empty,
    };

    private ServerPermissions Draw(string server) => new(Rules(server), Rules(server), Rules(server));

    private OfferRules Rules(string server) =>
        Chance(3) ? OfferRules.None : new OfferRules { Allowed = Chance(2) ? default : Patterns(server), Denied = Chance(2) ? [] : Patterns(server) };

    private ImmutableArray<string> Patterns(string server)
    {
        var patterns = server == Own ? s_ownPatterns : s_patterns;
        return [.. Enumerable.Range(0, _random.Next(3)).Select(_ => patterns[_random.Next(patterns.Length)])];
    }

    private bool Chance(int of) => _random.Next(of) == 0;
}
