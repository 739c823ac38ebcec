using System.Collections.Immutable;

namespace Mimir.Router.Setup;

/// <summary>A plugin that was found. What its author wrote is not to be trusted.</summary>
/// <param name="Name">Its name; that of its folder when it has none that could be read.</param>
/// <param name="Status"><c>ok</c>, <c>pending_setup</c>, <c>disabled</c>, <c>disabled_by_profile</c> or <c>quarantined</c>.</param>
public sealed record SetupPlugin(string Name, string Status)
{
    /// <summary>The status of one that waits for something.</summary>
    public const string Pending = "pending_setup";

    /// <summary>Its version; empty when it could not be read.</summary>
    public string Version { get; init; } = "";

    /// <summary>What it is for; empty for nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Full path of its manifest.</summary>
    public string File { get; init; } = "";

    /// <summary>Why it is not run, and what to do; empty for one that is.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is started for it, for people; empty when that could not be read.</summary>
    public string Command { get; init; } = "";

    /// <summary>Names and patterns of the secrets that it may be given.</summary>
    public ImmutableArray<string> CredentialRefs { get; init; } = [];

    /// <summary>The hosts and services that it is told of, or would be once it is run, for people: <c>NAME (ADDRESS)</c>.</summary>
    public ImmutableArray<string> Reaches { get; init; } = [];

    /// <summary>What it waits for.</summary>
    public ImmutableArray<SetupNeed> Missing { get; init; } = [];

    /// <summary>Whether somebody switched it off, in whatever way.</summary>
    public bool IsOff => Status is "disabled" or "disabled_by_profile";
}
