using Mimir.Cli.Hosting;
using Mimir.Configuration.Showing;
using Mimir.Router.Model.Credentials;

namespace Mimir.Cli.Commands;

/// <summary>
/// Variables and headers of a server that is added. A secret is refused: arguments are seen by everybody on the machine, and shells write them down.
/// Refused is what has the shape of a well-known service's token, a value under a name that says what it is (…_TOKEN, …_PASSWORD, Authorization) or behind an
/// option that does (--token), and an address with a password or such a value in its query, unless it refers to a variable or secret. No error shows a value.
/// </summary>
internal static class AddedValues
{
    private static readonly char[] Joints = ['=', ' '];
    private static readonly char[] AddressJoints = ['=', ' ', '/', '?', '#', '&', ':', '@'];

    /// <summary>Reads <c>K=V</c>.</summary>
    /// <exception cref="CommandFailure">One has no name, stands twice, or is a secret.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables(IEnumerable<string> texts)
    {
        var entries = new List<KeyValuePair<string, string>>();
        foreach (var text in texts)
        {
            var (name, value) = Split(text, '=', "--env", "NAME=VALUE");
            Refuse(name, value, $"-e '{name}=${{secret:{Secret(name)}}}'");
            Add(entries, name, value, StringComparison.Ordinal);
        }

        return entries;
    }

    /// <summary>Reads <c>Name: value</c>, and what refers to variables.</summary>
    /// <exception cref="CommandFailure">One has no name, stands twice, or is a secret.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(IEnumerable<string> texts, IEnumerable<string> variables, string? bearer)
    {
        var entries = new List<KeyValuePair<string, string>>();
        foreach (var text in texts)
        {
            var (name, value) = Split(text, ':', "--header", "\"Name: value\"");
            Refuse(name, value, $"--header '{name}: ${{secret:{Secret(name)}}}'");
            Add(entries, name, value, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var text in variables)
        {
            var (name, variable) = Split(text, ':', "--env-header", "\"Name: VARIABLE\"");
            Add(entries, name, Variable(variable, "--env-header"), StringComparison.OrdinalIgnoreCase);
        }

        if (bearer is not null)
        {
            Add(entries, "Authorization", $"Bearer {Variable(bearer, "--bearer-env")}", StringComparison.OrdinalIgnoreCase);
        }

        return entries;
    }

    /// <summary>Refuses arguments that hold secrets.</summary>
    /// <exception cref="CommandFailure">One is.</exception>
    public static void RefuseTokens(IEnumerable<string> words)
    {
        var before = "";
        foreach (var word in words)
        {
            RefuseToken(before, word);
            before = word;
        }
    }

    private static void RefuseToken(string before, string word)
    {
        var isAnnounced = SecretShape.Announces(before) && word.Length > 0 && !IsOptionOrPath(word);
        if (HoldsToken(word) || (!IsReference(word) && (isAnnounced || SecretShape.ValueAt(word) > 0 || IsTellingAddress(word))))
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                "One of the arguments holds what looks like a secret, which everybody on this machine can see while the server runs. Get a new one, keep it with mimir secret set NAME, and give it to the server with -e 'NAME=${secret:NAME}', or one behind an address with --header 'NAME: ${secret:NAME}'; a program that takes it as an argument alone is started by a script that reads the variable.");
        }
    }

    private static void Refuse(string name, string value, string instead)
    {
        if (HoldsToken(value) || (!IsReference(value) && ((SecretShape.IsName(name) && value.Length > 0) || IsTellingAddress(value))))
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"The value of {name} looks like a secret, which is no argument: everybody on this machine can see those, and your shell writes them down. Run mimir secret set {Secret(name)}, and write {instead}.");
        }
    }

    private static bool IsReference(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Whether no secret follows an option that is named like one: another option does, or the file that holds it.</summary>
    private static bool IsOptionOrPath(string word) => word[0] is '-' or '/' or '~' || word.StartsWith("./", StringComparison.Ordinal) || word.StartsWith("../", StringComparison.Ordinal);

    /// <summary>Whether a token stands in a text; names of files may look like some.</summary>
    private static bool HoldsToken(string text) => text.Split(IsAddress(text) ? AddressJoints : Joints).Any(SecretShape.IsToken);

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>Whether it is an address with a password, or with a query that names a secret.</summary>
    private static bool IsTellingAddress(string text)
    {
        if (SecretShape.UserEnd(text) is var end and > 0 && text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..end].Contains(':', StringComparison.Ordinal))
        {
            return true;
        }

        var query = IsAddress(text) ? text.AsSpan().IndexOfAny('?', '#') : -1;
        return query > 0 && text[(query + 1)..].Split('&', '#').Any(static pair => pair.Split('=', 2) is [var name, { Length: > 0 }] && SecretShape.IsOption(name));
    }

    /// <summary>The name a secret may have that is meant for a variable or header.</summary>
    private static string Secret(string name)
    {
        var plain = string.Concat(name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return CredentialNames.Fault(plain) is null ? plain : "NAME";
    }

    private static string Variable(string name, string option) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"${{{name}}}"
            : throw new CommandFailure(ExitCodes.Usage, $"{option} takes the name of an environment variable: letters, digits and underscores, no digit first.");

    private static (string Name, string Value) Split(string text, char at, string option, string form)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        return place > 0
            ? (text[..place].Trim(), at == ':' ? text[(place + 1)..].Trim() : text[(place + 1)..])
            : throw new CommandFailure(ExitCodes.Usage, $"Write {option} {form}.");
    }

    private static void Add(List<KeyValuePair<string, string>> entries, string name, string value, StringComparison comparison)
    {
        if (entries.Exists(e => e.Key.Equals(name, comparison)))
        {
            throw new CommandFailure(ExitCodes.Usage, $"{name} is given twice. Write it once.");
        }

        entries.Add(new KeyValuePair<string, string>(name, value));
    }
}
