using System.Text;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Clients;

/// <summary>Writes the variables of a client in our spelling, and what is none there so that it is none here.</summary>
/// <param name="variables">Which the client replaces.</param>
/// <param name="project">The folder of its project; null for none.</param>
/// <param name="system">Where it runs.</param>
internal sealed class VariableTranslation(ImportVariables variables, string? project, ImportSystem system)
{
    private readonly List<string> _notes = [];

    /// <summary>What somebody must do for the values to be right.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Why a value cannot be written here; null while all can.</summary>
    public string? Objection { get; private set; }

    /// <summary>Translates one string.</summary>
    /// <param name="text">As the client has it.</param>
    /// <param name="maySecret">Whether a secret may stand here.</param>
    public string Translate(string text, bool maySecret)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith("${") && rest.IndexOf('}') is var end and > 0)
            {
                result.Append(Inside(rest[2..end].ToString(), maySecret));
                i += end + 1;
            }
            else if (rest.StartsWith("${"))
            {
                result.Append("$${");
                i += 2;
            }
            else if (variables.HasFlag(ImportVariables.Shell) && rest[0] == '$' && NameLength(rest[1..]) is var length and > 0)
            {
                result.Append("${").Append(rest.Slice(1, length)).Append('}');
                i += 1 + length;
            }
            else
            {
                result.Append(text[i++]);
            }
        }

        return result.ToString();
    }

    /// <summary>The name of the secret or variable that stands for an input of an editor.</summary>
    private static string NameOf(string input)
    {
        var name = string.Concat(input.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetter(text[length]) || text[length] == '_' || (length > 0 && char.IsAsciiDigit(text[length]))))
        {
            length++;
        }

        return length;
    }

    /// <summary>Whether it is a name that an editor fills in; nobody calls a variable of his own so.</summary>
    private bool IsEditors(string name) => variables.HasFlag(ImportVariables.Editor)
        && name is ("userHome" or "pathSeparator" or "workspaceFolder" or "workspaceRoot" or "workspaceFolderBasename");

    private string Inside(string inside, bool maySecret)
    {
        var colon = inside.IndexOf(":-", StringComparison.Ordinal);
        var name = colon < 0 ? inside : inside[..colon];
        var isName = name.Length > 0 && NameLength(name) == name.Length;
        if (isName && !IsEditors(inside) && (variables.HasFlag(ImportVariables.Plain) || (colon < 0 && variables.HasFlag(ImportVariables.Shell))))
        {
            return $"${{{inside}}}";
        }

        return variables.HasFlag(ImportVariables.Editor) && !(isName && colon >= 0) ? OfEditor(inside, maySecret) : $"$${{{inside}}}";
    }

    private string OfEditor(string inside, bool maySecret)
    {
        switch (inside)
        {
            case "userHome":
                return system == ImportSystem.Windows ? "${USERPROFILE}" : "${HOME}";
            case "/" or "pathSeparator":
                return system == ImportSystem.Windows ? "\\" : "/";
            case "workspaceFolder" or "workspaceRoot" when project is not null:
                return project.Replace("${", "$${", StringComparison.Ordinal);
            case "workspaceFolderBasename" when project is not null:
                return Path.GetFileName(project).Replace("${", "$${", StringComparison.Ordinal);
        }

        if (inside.StartsWith("env:", StringComparison.Ordinal) && NameLength(inside.AsSpan(4)) is var length and > 0 && length == inside.Length - 4)
        {
            return $"${{{inside[4..]}}}";
        }

        if (inside.StartsWith("input:", StringComparison.Ordinal))
        {
            var name = NameOf(inside["input:".Length..]);
            Note(maySecret
                ? $"${{{Legible.Text(inside)}}} becomes the secret {name}: run mimir secret set {name} first"
                : $"${{{Legible.Text(inside)}}} becomes the environment variable {name}: set it where Mimir is started");
            return maySecret ? $"${{secret:{name}}}" : $"${{{name}}}";
        }

        if (NameLength(inside) == inside.Length && !IsEditors(inside))
        {
            // No variable of an editor: it stays as it is there.
            return $"$${{{inside}}}";
        }

        Objection ??= $"${{{Legible.Text(inside)}}} stands for something that only the client knows: write it out there, or add the server by hand";
        return "";
    }

    private void Note(string note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }
}
