using Mimir.Load;

namespace Mimir.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public bool Quick { get; private init; }

    public bool Publish { get; private init; } = true;

    public ClientEra Era { get; private init; }

    public required IReadOnlySet<string> Parts { get; init; }

    public string? Output { get; private init; }

    /// <summary>Everything, at full length and in the usual era: results fit to be kept.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Null when something is not understood.</summary>
    public static Options? Parse(string[] arguments, string[] parts)
    {
        var options = new Options { Parts = parts.ToHashSet(StringComparer.Ordinal) };
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--no-publish":
                    options = options with { Publish = false };
                    break;
                case "--only" when value.Split(',').All(parts.Contains):
                    options = options with { Parts = value.Split(',').ToHashSet(StringComparer.Ordinal) };
                    i++;
                    break;
                case "--era" when value is "legacy" or "modern":
                    options = options with { Era = value == "modern" ? ClientEra.Modern : ClientEra.Legacy };
                    i++;
                    break;
                case "--out" when value.Length > 0:
                    options = options with { Output = Path.GetFullPath(value) };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return options with { IsWhole = !options.Quick && options.Parts.Count == parts.Length && options.Era == ClientEra.Legacy };
    }
}
