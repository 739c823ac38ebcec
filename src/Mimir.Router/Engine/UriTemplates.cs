namespace Mimir.Router.Engine;

/// <summary>Tells whether a uri could have been made from a template (RFC 6570), well enough to route by.</summary>
internal static class UriTemplates
{
    private const int MostSteps = 10_000;

    /// <summary>Literal text must stand as it is; a simple expression takes one or more characters other than <c>/</c>, any other
    /// expression takes anything or nothing. Work is bounded; a template that exceeds the bound does not match.</summary>
    public static bool Matches(string template, string uri)
    {
        var steps = 0;
        return Matches(template, 0, uri, 0, ref steps);
    }

    private static bool Matches(string template, int t, string uri, int u, ref int steps)
    {
        while (t < template.Length)
        {
            if (++steps > MostSteps)
            {
                return false;
            }

            if (template[t] != '{')
            {
                if (u >= uri.Length || uri[u] != template[t])
                {
                    return false;
                }

                t++;
                u++;
                continue;
            }

            var close = template.IndexOf('}', t);
            if (close < 0)
            {
                return false;
            }

            var simple = close > t + 1 && (char.IsAsciiLetterOrDigit(template[t + 1]) || template[t + 1] == '_');
            var end = simple ? uri.AsSpan(u).IndexOf('/') is var slash and >= 0 ? u + slash : uri.Length : uri.Length;
            for (var next = end; next >= u + (simple ? 1 : 0); next--)
            {
                if (Matches(template, close + 1, uri, next, ref steps))
                {
                    return true;
                }
            }

            return false;
        }

        return u == uri.Length;
    }
}
