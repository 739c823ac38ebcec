using System.Collections.Immutable;

namespace Mimir.Configuration.Model;

/// <summary>A host or a service of the inventory. Holds no secret, only its name.</summary>
/// <param name="Name">Its name: no other of its kind has it.</param>
/// <param name="Type">What it is, in one word.</param>
public sealed record InventoryEntry(string Name, string Type)
{
    /// <summary>The address of a host; that of its host for a service.</summary>
    public string Address { get; init; } = "";

    /// <summary>The host that a service runs on; null for a host.</summary>
    public string? Host { get; init; }

    /// <summary>1 to 65535; null when it is not said.</summary>
    public int? Port { get; init; }

    /// <summary>How one signs in; null when it is not said.</summary>
    public string? Method { get; init; }

    /// <summary>The name of the secret to sign in with; null when it is not said.</summary>
    public string? CredentialRef { get; init; }

    /// <summary>Words to find it by.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
}
