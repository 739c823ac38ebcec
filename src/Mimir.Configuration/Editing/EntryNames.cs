using System.Buffers;
using Mimir.Configuration.Validation;

namespace Mimir.Configuration.Editing;

/// <summary>Names that become names of files: the rules of servers, and what file systems add to them.</summary>
internal static class EntryNames
{
    private static readonly SearchValues<char> Reserved = SearchValues.Create("<>:\"|?*");

    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "conin$", "conout$"];

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? Fault(string name)
    {
        if (ServerNameRules.Fault(name) is var (message, remedy))
        {
            return $"{message}. {remedy}";
        }

        var stem = name.Split('.')[0].TrimEnd().ToLowerInvariant();
        return name.AsSpan().ContainsAny(Reserved) ? "the name holds one of < > : \" | ? *, which file names may not hold everywhere. Write it without"
            : name[0] == '.' || name[^1] == '.' ? "the name begins or ends with a dot, and such files are hidden or cut. Write it without"
            : name[0] == '-' ? "the name begins with a hyphen, as options do. Write it without"
            : Devices.Contains(stem, StringComparer.Ordinal) || (stem.Length == 4 && stem[..3] is ("com" or "lpt") && char.IsDigit(stem[3])) ? "the name is that of a device on Windows. Write another"
            : null;
    }
}
