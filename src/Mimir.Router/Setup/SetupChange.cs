using System.Collections.Immutable;

namespace Mimir.Router.Setup;

/// <summary>A change that somebody asks for, whole: what is confirmed is what is done. Members that its kind has no use for are empty.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Name">The name of the host, service, plugin or server.</param>
public sealed record SetupChange(SetupChangeKind Kind, string Name)
{
    /// <summary>The type of a host or service.</summary>
    public string? Type { get; init; }

    /// <summary>The address of a host.</summary>
    public string? Address { get; init; }

    /// <summary>The host of a service.</summary>
    public string? Host { get; init; }

    /// <summary>1 to 65535.</summary>
    public int? Port { get; init; }

    /// <summary>The name of the secret to sign in with.</summary>
    public string? CredentialRef { get; init; }

    /// <summary>How one signs in.</summary>
    public string? Method { get; init; }

    /// <summary>Words to find it by.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The program.</summary>
    public string? Command { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Its variables, in written order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The address of a server that is no program.</summary>
    public string? Url { get; init; }

    /// <summary>Where a plugin comes from: <c>github:OWNER/REPOSITORY</c>, an https address, or the full path of a folder.</summary>
    public string? Source { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Names and patterns of the secrets that a plugin may be given.</summary>
    public ImmutableArray<string> CredentialRefs { get; init; } = [];
}
