using System.Collections.Immutable;
using System.Globalization;

namespace Mimir.Configuration.Keys;

/// <summary>One row of the list of keys. The binder, the JSON Schema and the guide's tests all read this list.</summary>
/// <param name="Name">The key as it is best written.</param>
/// <param name="Type">How its value is written.</param>
/// <param name="Doc">What it means, for the schema; one or two sentences.</param>
public sealed record KeySpec(string Name, KeyType Type, string Doc)
{
    /// <summary>Most characters of one entry of a list or a map: the longest single argument Linux takes.</summary>
    public const int MaxEntryLength = 128 << 10;

    /// <summary>What becomes of the key. Default read.</summary>
    public KeyUse Use { get; init; }

    /// <summary>Other spellings of the key, taken as well.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The words of a <see cref="KeyType.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>Other spellings of the words, and the word each means.</summary>
    public ImmutableArray<Spelling> Spellings { get; init; } = [];

    /// <summary>What holds when the key is absent, as it would be written in the file; null when there is nothing to write.</summary>
    public string? Default { get; init; }

    /// <summary>The smallest value, in the unit of the type.</summary>
    public long Min { get; init; }

    /// <summary>The largest value, in the unit of the type.</summary>
    public long Max { get; init; }

    /// <summary>For a short <see cref="KeyType.Text"/>: what it must look like, as a regular expression of the schema; the rule itself is a validator's.</summary>
    public string? Pattern { get; init; }

    /// <summary>How to write it, as JSON.</summary>
    public string Example { get; init; } = "";

    /// <summary>For a key that is not read: what to do instead.</summary>
    public string Instead { get; init; } = "";

    /// <summary>The table of a <see cref="KeyType.Group"/>.</summary>
    public KeyTable? Group { get; init; }

    /// <summary>The bounds in words, e.g. <c>100ms to 1h</c>, as they stand in messages and in the guide.</summary>
    public string Bounds => $"{Show(Min)} to {Show(Max)}";

    /// <summary>Whether this is the row for a key.</summary>
    /// <param name="key">The key as written.</param>
    public bool Matches(string key)
    {
        if (string.Equals(key, Name, StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var alias in Aliases)
        {
            if (string.Equals(key, alias, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private string Show(long value) => Type switch
    {
        KeyType.Duration => InUnits(value, [(3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")]),
        KeyType.Size => InUnits(value, [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "")]),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string InUnits(long value, ReadOnlySpan<(long Size, string Name)> units)
    {
        foreach (var (size, name) in units)
        {
            if (value >= size && value % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value / size}{name}");
            }
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }
}
