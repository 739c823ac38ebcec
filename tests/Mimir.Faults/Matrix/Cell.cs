namespace Mimir.Faults.Matrix;

/// <summary>One place in the matrix.</summary>
internal sealed record Cell(string Fault, Transport Transport, Phase Phase)
{
    /// <summary>Its name: <c>X01/stdio-2025/in-flight</c>.</summary>
    public string Name => $"{Fault}/{Transport.Name()}/{NameOf(Phase)}";

    /// <summary>The name of a phase.</summary>
    public static string NameOf(Phase phase) => phase switch
    {
        Phase.InFlight => "in-flight",
        Phase.ShuttingDown => "shutting-down",
        _ => phase.ToString().ToLowerInvariant(),
    };

    /// <summary>A seed of its own out of that of the run: a cell repeats itself whatever runs beside it or ran before it.</summary>
    public int Seed(int run)
    {
        var hash = unchecked((uint)run * 2654435761u);
        foreach (var c in Name) hash = unchecked((hash ^ c) * 16777619u);
        return (int)(hash & 0x7FFFFFFF);
    }

    /// <summary>Whether a word of the command line means it: a prefix of whole parts, in which <c>*</c> and <c>stdio</c> or <c>http</c> stand for several.</summary>
    public bool IsMeantBy(string pattern)
    {
        var parts = Name.Split('/');
        var wanted = pattern.Split('/');
        return wanted.Length <= parts.Length
            && wanted.Zip(parts).All(p => p.First == "*" || p.Second.Equals(p.First, StringComparison.OrdinalIgnoreCase)
                || (p.First is "stdio" or "http" && p.Second.StartsWith(p.First, StringComparison.Ordinal)));
    }
}
