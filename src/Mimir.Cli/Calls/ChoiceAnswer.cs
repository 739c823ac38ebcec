using System.Globalization;
using System.Text.Json;

namespace Mimir.Cli.Calls;

/// <summary>Answers that choose: by value, by what is shown, or by the number before it.</summary>
internal static class ChoiceAnswer
{
    /// <summary>What may be typed when several may be chosen.</summary>
    public static string HintSeveral(int? least, int? most) => (least, most) switch
    {
        (null or 0, null) => "any of them, commas between",
        (null or 0, { } m) => $"at most {m} of them, commas between",
        ({ } l, null) => $"at least {l} of them, commas between",
        ({ } l, { } m) => $"{l} to {m} of them, commas between",
    };

    /// <summary>Finds the one that was meant.</summary>
    public static (JsonElement? Value, string? Error) ParseOne(IReadOnlyList<FormChoice> choices, string text) =>
        Find(choices, text) is { } choice
            ? (JsonSerializer.SerializeToElement(choice.Value), null)
            : (null, $"choose one by its number or name, 1 to {choices.Count}");

    /// <summary>Finds all that were meant, each once, in the order of the list.</summary>
    public static (JsonElement? Value, string? Error) ParseSeveral(IReadOnlyList<FormChoice> choices, string text, int? least, int? most)
    {
        var chosen = new HashSet<FormChoice>();
        if (Find(choices, text) is { } single)
        {
            chosen.Add(single);
        }
        else
        {
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (Find(choices, part) is not { } choice)
                {
                    return (null, $"'{part}' is none of them; choose by number or name, 1 to {choices.Count}");
                }

                chosen.Add(choice);
            }
        }

        if (chosen.Count < (least ?? 0) || chosen.Count > (most ?? int.MaxValue))
        {
            return (null, $"choose {HintSeveral(least, most)}");
        }

        return (JsonSerializer.SerializeToElement(choices.Where(chosen.Contains).Select(c => c.Value).ToArray()), null);
    }

    private static FormChoice? Find(IReadOnlyList<FormChoice> choices, string text)
    {
        var typed = text.Trim();

        // A value may itself look like a number, so names come before numbers.
        return choices.FirstOrDefault(c => c.Value == typed)
            ?? choices.FirstOrDefault(c => c.Title == typed)
            ?? choices.FirstOrDefault(c => c.Value.Equals(typed, StringComparison.OrdinalIgnoreCase))
            ?? choices.FirstOrDefault(c => c.Title.Equals(typed, StringComparison.OrdinalIgnoreCase))
            ?? (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= choices.Count
                ? choices[number - 1]
                : null);
    }
}
