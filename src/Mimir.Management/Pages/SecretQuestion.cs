using System.Collections.Immutable;

namespace Mimir.Management.Pages;

/// <summary>A secret that the operator is asked for, and what he is told.</summary>
/// <param name="Name">Its name.</param>
public sealed record SecretQuestion(string Name)
{
    /// <summary>What the author of whoever needs it wants to be asked; empty for nothing. Not to be trusted.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Whether a secret of this name is set already, and would be replaced.</summary>
    public bool IsSet { get; init; }

    /// <summary>Says at any moment where those may send it. Nothing is kept unless the operator has seen what it says then.</summary>
    public Func<IReadOnlyList<string>> Reaches { get; init; } = static () => [];

    /// <summary>Who would be given it, each with the command that may be started then.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Users { get; init; } = [];
}
