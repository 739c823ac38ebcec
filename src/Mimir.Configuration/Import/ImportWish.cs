namespace Mimir.Configuration.Import;

/// <summary>What is to be imported, and how.</summary>
public sealed record ImportWish
{
    /// <summary>The servers that are wanted, by their names there; empty for all.</summary>
    public IReadOnlyCollection<string> Only { get; init; } = [];

    /// <summary>Other names for some of them: the name there, the name here.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a server that is here with other content is replaced.</summary>
    public bool Replace { get; init; }
}
