using System.Collections.Immutable;
using Mimir.Router.Model.Routing;

namespace Mimir.Router.Model;

/// <summary>Mimir's own tools: what they tell clients of its servers, and what they let them do.</summary>
/// <param name="HasTools">Whether clients are given those that tell of servers. Default false.</param>
/// <param name="BareNames">Whether their names stand without a prefix. Default false.</param>
public sealed record ManagementModel(bool HasTools = false, bool BareNames = false)
{
    /// <summary>The name of the server that they belong to, and its prefix where it has one. No configured server may have either while clients are given the tools.</summary>
    public const string ServerName = "mimir";

    /// <summary>The name of the server of the tools that set things up; they have no prefix.</summary>
    public const string SetupName = "router";

    /// <summary>What the names of those begin with, each followed by an underscore: no server may have one of these prefixes while clients are given them.</summary>
    public static ImmutableArray<string> SetupPrefixes { get; } = [SetupName, "setup", McpmuFamily, "mcp_router", "mcp"];

    /// <summary>The family of tools that users of mcpmu know.</summary>
    public const string McpmuFamily = "mcpmu";

    /// <summary>The family of tools that users of mcp-router know.</summary>
    public const string InstanceFamily = "mcp.router";

    /// <summary>Whether clients are given the tools that tell what is set up and what is missing. Default false.</summary>
    public bool HasSetup { get; init; }

    /// <summary>The name of the server that tells clients of the inventory, and what its tools' names begin with. No configured server may have either while clients are given it.</summary>
    public const string InventoryName = "inventory";

    /// <summary>Whether clients are told of the inventory, all of it. Default false.</summary>
    public bool HasInventory { get; init; }

    /// <summary>Whether tools may change anything at all. Default false.</summary>
    public bool MayChange { get; init; }

    /// <summary>What holds for single tools: the first rule whose pattern fits.</summary>
    public ImmutableArray<ToolRule> Rules { get; init; } = [];

    /// <summary>Families of tools that are given as well: <see cref="McpmuFamily"/>, <see cref="InstanceFamily"/>.</summary>
    public ImmutableArray<string> Families { get; init; } = [];

    /// <summary>What a tool that sets things up may do.</summary>
    /// <param name="tool">Its name as it is listed.</param>
    /// <param name="changes">Whether it changes anything.</param>
    public ToolVerdict Decide(string tool, bool changes)
    {
        var verdict = Rules.FirstOrDefault(r => Glob.Matches(r.Pattern, tool))?.Verdict ?? ToolVerdict.Allow;
        return changes && !MayChange ? ToolVerdict.Deny : verdict;
    }

    /// <inheritdoc/>
    public bool Equals(ManagementModel? other) => other is not null && HasTools == other.HasTools && BareNames == other.BareNames && HasSetup == other.HasSetup && HasInventory == other.HasInventory
        && MayChange == other.MayChange && Rules.SequenceEqual(other.Rules) && Families.SequenceEqual(other.Families);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HasTools, BareNames, HasSetup, HasInventory, MayChange, Rules.Length, Families.Length);
}
