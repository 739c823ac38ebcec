using System.Collections.Immutable;
using Mimir.Configuration.Showing;

namespace Mimir.Configuration.Import;

/// <summary>One server of a client, seen beside the configuration.</summary>
/// <param name="Source">Its name there.</param>
/// <param name="Name">Its name here.</param>
/// <param name="State">How it stands to what is here.</param>
public sealed record ImportItem(string Source, string Name, ImportState State)
{
    /// <summary>Why it cannot be imported; null when it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What is left out, and what somebody must do.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What would change; empty for <see cref="ImportState.Same"/> and <see cref="ImportState.Refused"/>.</summary>
    public ImmutableArray<ImportChange> Changes { get; init; } = [];

    /// <summary>Whether anything that would change may be secret: it is shown masked.</summary>
    public bool HoldsSecrets => Changes.Any(change => change.ToString().Contains(Masking.Mask, StringComparison.Ordinal));

    /// <summary>Whether it is written when the import is made.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Full path of its file here.</summary>
    internal string Path { get; init; } = "";

    /// <summary>The whole of that file.</summary>
    internal byte[] Bytes { get; init; } = [];

    /// <summary>What that file holds now; empty when there is none.</summary>
    internal byte[] Before { get; init; } = [];
}
