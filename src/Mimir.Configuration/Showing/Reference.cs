namespace Mimir.Configuration.Showing;

/// <summary>A <c>${NAME}</c> or <c>${secret:NAME}</c> in a text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its closing brace.</param>
/// <param name="Name">What stands between the braces, without a default: <c>NAME</c> or <c>secret:NAME</c>.</param>
/// <param name="HasDefault">Whether a default is written in it.</param>
internal readonly record struct Reference(int Start, int End, string Name, bool HasDefault)
{
    /// <summary>How it is shown: a default may be a secret.</summary>
    public string Shown => HasDefault ? $"${{{Name}:-{Masking.Mask}}}" : $"${{{Name}}}";

    /// <summary>Finds all of them, in order. What is not closed is none.</summary>
    public static List<Reference> Of(string text)
    {
        var found = new List<Reference>();
        for (var at = text.IndexOf("${", StringComparison.Ordinal); at >= 0; at = text.IndexOf("${", at, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                break;
            }

            if (at > 0 && text[at - 1] == '$')
            {
                // $${ stands for the two characters themselves.
                at += 2;
                continue;
            }

            var inside = text[(at + 2)..end];
            var colon = inside.IndexOf(":-", StringComparison.Ordinal);
            found.Add(new Reference(at, end + 1, colon < 0 ? inside : inside[..colon], colon >= 0));
            at = end + 1;
        }

        return found;
    }
}
