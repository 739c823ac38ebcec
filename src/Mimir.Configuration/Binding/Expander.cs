using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Binding;

/// <summary>
/// Replaces <c>${NAME}</c>, <c>${NAME:-default}</c> and <c>${secret:NAME}</c> in a string, in one pass: what a variable holds is never looked at
/// again. <c>$${</c> stands for <c>${</c>; a dollar sign before anything else stands for itself, so that passwords pass.
/// </summary>
/// <param name="environment">Where variables are looked up.</param>
/// <param name="issues">Told about what cannot be replaced; never told a value.</param>
/// <param name="secrets">Where secrets are looked up; null where there can be none.</param>
/// <param name="server">Whose value it is; null for no server's.</param>
internal sealed class Expander(IEnvironment environment, IssueList issues, SecretLookup? secrets = null, string? server = null)
{
    private const string SecretMark = "secret:";

    /// <summary>The same for the values of one server.</summary>
    public Expander For(string name) => new(environment, issues, secrets, name);

    /// <summary>Whether the text holds anything that would be replaced, rightly written or not.</summary>
    public static bool Holds(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Replaces.</summary>
    /// <param name="node">A string node.</param>
    /// <param name="mayLack">A variable that is not set is no error: nobody will use the value.</param>
    /// <param name="place">The key under which it stands: not every one takes secrets.</param>
    /// <returns>The text, or null when something could not be replaced.</returns>
    public string? Expand(ConfigNode node, bool mayLack, string place)
    {
        var text = node.Text;
        if (!Holds(text))
        {
            return text;
        }

        var result = new StringBuilder();
        var complete = true;
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith("$${"))
            {
                result.Append("${");
                i += 3;
            }
            else if (!rest.StartsWith("${"))
            {
                result.Append(text[i++]);
            }
            else if (rest.IndexOf('}') is var end and >= 0)
            {
                complete &= rest[2..end].StartsWith(SecretMark) ? TryReveal(node, rest[(2 + SecretMark.Length)..end].ToString(), mayLack, place, result) : TryReplace(node, rest[2..end], mayLack, result);
                i += end + 1;
            }
            else
            {
                issues.Error(node, "a ${ is not closed", "Close it with }, or write $${ for the two characters themselves");
                return null;
            }
        }

        return complete ? result.ToString() : null;
    }

    private bool TryReplace(ConfigNode node, ReadOnlySpan<char> inside, bool mayLack, StringBuilder result)
    {
        if (inside.Contains("${", StringComparison.Ordinal))
        {
            issues.Error(node, "a ${ stands inside another", "Write a plain default: ${NAME:-default} takes no variable in it");
            return false;
        }

        var colon = inside.IndexOf(":-", StringComparison.Ordinal);
        var name = colon < 0 ? inside : inside[..colon];
        if (!IsName(name))
        {
            var (message, remedy) = Misspelled(name);
            issues.Error(node, message, remedy);
            return false;
        }

        if (name.SequenceEqual(CredentialNames.KeyVariable))
        {
            issues.Error(node, "is the key of the vault, which nobody is given", "Name a secret instead: ${secret:NAME}");
            return false;
        }

        var value = environment.Get(name.ToString());
        if (colon >= 0 && string.IsNullOrEmpty(value))
        {
            result.Append(inside[(colon + 2)..]);
            return true;
        }

        if (value is not null)
        {
            result.Append(value);
            return true;
        }

        if (!mayLack)
        {
            issues.Error(
                node,
                $"the environment variable {Legible.Text(name.ToString())} is not set",
                $"Set it where Mimir is started, or write ${{{Legible.Text(name.ToString())}:-default}}");
        }

        return false;
    }

    private bool TryReveal(ConfigNode node, string name, bool mayLack, string place, StringBuilder result)
    {
        if (server is null || secrets is null || SecretPlaces.Objection(place) is not null)
        {
            var (message, advice) = SecretPlaces.Objection(server is null ? "" : place) ?? SecretPlaces.Elsewhere;
            issues.Error(node, message, advice);
            return false;
        }

        if (CredentialNames.Fault(name) is { } fault)
        {
            issues.Error(
                node,
                $"the name of a secret {fault}",
                name.Contains(":-", StringComparison.Ordinal) ? "Write ${secret:NAME}, without a default: a secret is set, or it is missing" : "Write ${secret:NAME} with another name");
            return false;
        }

        if (secrets.Find(name, server) is { } value)
        {
            result.Append(value);
            return true;
        }

        if (!mayLack && !secrets.IsBlind)
        {
            issues.Error(node, $"the secret {name} is not set", $"Run: mimir secret set {name}");
        }

        return false;
    }

    private static (string Message, string Remedy) Misspelled(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("env:") && IsName(name[4..]))
        {
            return ("${env:...} is another program's spelling", $"Write ${{{Legible.Text(name[4..].ToString())}}}");
        }

        return name.StartsWith("input:")
            ? ("${input:...} is not known: nobody is asked while servers start", "Write ${NAME} and set the environment variable NAME")
            : ("what stands between ${ and } is not the name of a variable", "Write ${NAME} or ${NAME:-default}: NAME has letters, digits and underscores, no digit first; or $${ for the two characters themselves");
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 256 && !char.IsAsciiDigit(name[0]);
    }
}
