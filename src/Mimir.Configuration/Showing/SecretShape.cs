namespace Mimir.Configuration.Showing;

/// <summary>Guesses which texts are secrets, so that they are neither shown nor taken where everybody can see them.</summary>
public static class SecretShape
{
    // Long enough, of letters and digits alone, and with both: a key, a digest, a random word. Paths, versions and package names have other characters.
    private const int RandomLength = 24;

    private static readonly string[] Heads =
    [
        "sk-", "sk_live_", "sk_test_", "rk_live_", "pk_live_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-",
        "AKIA", "ASIA", "AIza", "ya29.", "npm_", "hf_", "dop_v1_", "lin_api_", "ntn_", "secret_", "SG.", "pypi-", "-----BEGIN ",
    ];

    private static readonly string[] NameEnds =
    [
        "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PWD", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "SECRET_KEY", "AUTH_KEY", "CREDENTIAL", "CREDENTIALS",
        "AUTHORIZATION", "COOKIE",
    ];

    /// <summary>Whether a variable, header or option of this name holds a secret.</summary>
    /// <param name="name">Its name; hyphens count as underscores, and case does not count.</param>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = name.Replace('-', '_');

        // PWD alone is the working folder.
        return !plain.Equals("PWD", StringComparison.OrdinalIgnoreCase) && NameEnds.Any(end => plain.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a text begins as the tokens of well-known services do, or is a key in PEM or a JSON Web Token.</summary>
    public static bool IsToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(c => c == '.') == 2)
            || Heads.Any(head => text.Length >= head.Length + 8 && text.StartsWith(head, StringComparison.Ordinal));
    }

    /// <summary>Where the value begins in <c>NAME=value</c>, <c>--name=value</c> or <c>Name: value</c>, if the name says that it is a secret; else -1.</summary>
    public static int ValueAt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.AsSpan().IndexOfAny('=', ':');
        return at > 0 && at + 1 < text.Length && IsName(text[..at].TrimStart('-')) ? at + 1 : -1;
    }

    /// <summary>Whether a text is a token, or as random as one.</summary>
    public static bool IsLikely(string text)
    {
        if (IsToken(text))
        {
            return true;
        }

        var (letters, digits) = (0, 0);
        foreach (var c in text)
        {
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '+' or '='))
            {
                return false;
            }
        }

        return text.Length >= RandomLength && letters > 0 && digits > 2;
    }
}
