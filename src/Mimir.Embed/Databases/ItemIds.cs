namespace Mimir.Embed.Databases;

/// <summary>Ids of items.</summary>
internal static class ItemIds
{
    private const int MaxLength = 256;

    /// <summary>Refuses what is none.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Check(string id) => IsOne(id)
        ? id
        : throw new ArgumentException($"An id of an item has 1 to {MaxLength} characters and no control characters; this one has {id.Length}{(id.Any(char.IsControl) ? ", and control characters" : "")}.");

    /// <summary>Whether it is one.</summary>
    public static bool IsOne(string id) => id.Length is > 0 and <= MaxLength && !id.Any(char.IsControl);
}
