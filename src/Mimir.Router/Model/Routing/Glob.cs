namespace Mimir.Router.Model.Routing;

/// <summary>Patterns over names: <c>*</c> any run of characters, <c>?</c> one, <c>[abc]</c> one of, <c>[!abc]</c> none of, ranges as <c>[a-z]</c>; case counts.</summary>
public static class Glob
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int MostCharacters = 256;

    /// <summary>Tells whether the whole name fits. Takes at most pattern length times name length steps.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, star = -1, resume = 0, i = 0;
        while (i < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < pattern.Length && One(pattern[at..], name[i], out var width))
            {
                at += width;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].Trim('*').IsEmpty;
    }

    /// <summary>Tells whether one character fits what a pattern begins with, which is no star.</summary>
    /// <param name="pattern">The rest of the pattern, not empty.</param>
    /// <param name="c">The character.</param>
    /// <param name="width">How much of the pattern speaks of it.</param>
    private static bool One(ReadOnlySpan<char> pattern, char c, out int width)
    {
        width = 1;
        if (pattern[0] == '?')
        {
            return true;
        }

        // A bracket that stands first is one of the set; one that never closes means itself.
        var isNot = pattern.Length > 1 && pattern[1] == '!';
        var from = isNot ? 2 : 1;
        if (pattern[0] != '[' || pattern.Length <= from + 1 || pattern[(from + 1)..].IndexOf(']') is not (>= 0 and var found))
        {
            return pattern[0] == c;
        }

        var set = pattern[from..(from + 1 + found)];
        width = from + set.Length + 1;
        return Holds(set, c) != isNot;
    }

    private static bool Holds(ReadOnlySpan<char> set, char c)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (set[i] <= c && c <= set[i + 2])
                {
                    return true;
                }

                i += 2;
            }
            else if (set[i] == c)
            {
                return true;
            }
        }

        return false;
    }
}
