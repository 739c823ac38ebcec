using Mimir.Cli.Hosting;
using Mimir.Configuration.Showing;
using Mimir.Router.Model.Credentials;

namespace Mimir.Cli.Commands;

/// <summary>
/// Variables and headers of a server that is added. A secret is refused: arguments are seen by everybody on the machine, and shells write them down.
/// Refused is what has the shape of a well-known service's token, and a value under a name that says what it is (…_TOKEN, …_PASSWORD, Authorization), unless it
/// refers to a variable or secret. No error shows a value.
/// </summary>
internal static class AddedValues
{
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
        if (words.Any(w => w.Split('=', 2).Any(SecretShape.IsToken) || (SecretShape.ValueAt(w) > 0 && !w.Contains("${", StringComparison.Ordinal))))
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                "One of the arguments holds what looks like a secret, which everybody on this machine can see while the server runs. Get a new one, keep it with mimir secret set NAME, and give it to the server with -e 'NAME=${secret:NAME}'; a program that takes it as an argument alone is started by a script that reads the variable.");
        }
    }

    private static void Refuse(string name, string value, string instead)
    {
        var isReference = value.Contains("${", StringComparison.Ordinal);
        if (SecretShape.IsToken(value) || SecretShape.IsToken(value.Split(' ')[^1]) || (SecretShape.IsName(name) && value.Length > 0 && !isReference))
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"The value of {name} looks like a secret, which is no argument: everybody on this machine can see those, and your shell writes them down. Run mimir secret set {Secret(name)}, and write {instead}.");
        }
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
