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

    // Too short to be looked for at the end of other words.
    private static readonly string[] NameWords = ["PASS", "PAT", "BEARER"];

    /// <summary>Whether a variable, header or option of this name holds a secret.</summary>
    /// <param name="name">Its name; hyphens count as underscores, and case does not count.</param>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = name.Replace('-', '_');

        // PWD alone is the working folder.
        return !plain.Equals("PWD", StringComparison.OrdinalIgnoreCase) && (NameEnds.Any(end => plain.EndsWith(end, StringComparison.OrdinalIgnoreCase)) || NameWords.Any(word => EndsInWord(plain, word)));
    }

    /// <summary>Whether an option or a part of a query of this name holds a secret: as <see cref="IsName"/>, and what is called a key.</summary>
    /// <param name="name">Its name, without hyphens before it.</param>
    public static bool IsOption(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name) || EndsInWord(name.Replace('-', '_'), "KEY");
    }

    /// <summary>Whether an argument is an option whose name says that the next argument is a secret: <c>--token</c>, <c>--pat</c>, <c>--key</c>.</summary>
    public static bool Announces(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument.StartsWith('-') && !argument.Contains('=', StringComparison.Ordinal) && IsOption(argument.TrimStart('-'));
    }

    /// <summary>Where the user and password end in <c>scheme://user:password@host</c>; -1 without them.</summary>
    public static int UserEnd(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return -1;
        }

        var end = text.IndexOf('/', scheme + 3);
        var at = text.AsSpan(0, end < 0 ? text.Length : end).LastIndexOf('@');
        return at < scheme + 3 ? -1 : at;
    }

    /// <summary>Whether a text begins as the tokens of well-known services do, or is a key in PEM or a JSON Web Token.</summary>
    public static bool IsToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(c => c == '.') == 2)
            || Heads.Any(head => text.Length >= head.Length + 8 && text.StartsWith(head, StringComparison.Ordinal));
    }

    /// <summary>Where the value begins in <c>NAME=value</c>, <c>--name=value</c> or <c>Name: value</c>, also behind another name as in <c>--env=NAME=value</c>, if the name says that it is a secret; else -1.</summary>
    public static int ValueAt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var from = 0; ;)
        {
            var length = text.AsSpan(from).IndexOfAny('=', ':');
            var at = from + length + 1;
            if (length < 1 || at >= text.Length)
            {
                return -1;
            }

            var name = text[from..(at - 1)];
            if (name.AsSpan().IndexOfAny('/', '\\') < 0 && (name.StartsWith('-') ? IsOption(name.TrimStart('-')) : IsName(name)))
            {
                return at;
            }

            // What is in an address is another matter.
            from = text.AsSpan(at).StartsWith("//") ? text.Length : at;
        }
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

    private static bool EndsInWord(string name, string word) =>
        name.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (name.Length == word.Length || !char.IsLetterOrDigit(name[^(word.Length + 1)]));
}
