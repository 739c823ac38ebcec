namespace Mimir.Architecture.Rules;

/// <summary>The floors of docs/ARCHITECTURE.md: an arrow goes to a lower floor, never sideways and never up.</summary>
internal static class Floors
{
    public static IReadOnlyDictionary<string, int> ByProject { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Mimir.Protocol"] = 1,
        ["Mimir.Router"] = 2,
        ["Mimir.Embed"] = 2,
        ["Mimir.Configuration"] = 3,
        ["Mimir.Supervisor"] = 3,
        ["Mimir.Identity"] = 3,
        ["Mimir.Http"] = 3,
        ["Mimir.Management"] = 3,
        ["Mimir.Cli"] = 4,
    };

    /// <summary>Complains of an arrow that does not point down.</summary>
    /// <param name="from">The project that refers.</param>
    /// <param name="to">What it refers to; anything that is no project of ours passes.</param>
    public static string? Judge(string from, string to)
    {
        if (!ByProject.TryGetValue(to, out int lower))
        {
            return null;
        }

        return ByProject.TryGetValue(from, out int upper) && lower < upper ? null : $"{from} -> {to} does not point down (floors in Rules/Floors.cs)";
    }
}
