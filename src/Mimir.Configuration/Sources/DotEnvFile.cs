using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Sources;

/// <summary>
/// Reads a file <c>.env</c>: <c>NAME=value</c> a line, <c>#</c> before a comment, <c>export</c> before a name, single or double quotes around a value. In double quotes
/// <c>\n</c>, <c>\"</c> and <c>\\</c> stand for what they do everywhere; nothing else is replaced. Of two lines with one name the later counts.
/// </summary>
internal static class DotEnvFile
{
    /// <summary>Its name.</summary>
    public const string Name = ".env";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Reads it; empty where there is none.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="issues">Told what is wrong with it, and never a value.</param>
    public static Dictionary<string, string> Read(string path, IssueList issues)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path) || BoundedFile.Read(path, issues) is not { } bytes)
        {
            return values;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            issues.Warning(ConfigMark.Whole(path), KeyPath.Top, "holds secrets, and others than its owner may read it", "Run chmod 600 on it, or move them with: mimir secret set NAME");
        }

        var lines = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length > 0 && line[0] != '#' && !TryAdd(line, values))
            {
                issues.Error(new ConfigMark(path, i + 1, 1), KeyPath.Top, "this line is not NAME=value", "Write it so, with quotes around a value that begins with one or holds #, or put # before the line");
            }
        }

        return values;
    }

    private static bool TryAdd(string line, Dictionary<string, string> values)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return false;
        }

        var name = line[..equals].Trim();
        name = name.StartsWith("export ", StringComparison.Ordinal) ? name["export ".Length..].Trim() : name;
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')) || Value(line[(equals + 1)..]) is not { } value)
        {
            return false;
        }

        values[name] = value;
        return true;
    }

    private static string? Value(string text)
    {
        if (text.TrimStart() is ['"' or '\'', ..] quoted)
        {
            return Quoted(quoted);
        }

        // A comment begins with a # behind a blank: a # within a value is part of it.
        var comment = Enumerable.Range(0, text.Length).FirstOrDefault(i => text[i] == '#' && i > 0 && char.IsWhiteSpace(text[i - 1]), text.Length);
        var value = text[..comment].Trim();
        return value.Contains('\0', StringComparison.Ordinal) ? null : value;
    }

    private static string? Quoted(string text)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                var rest = text.AsSpan(i + 1).Trim();
                return rest.IsEmpty || rest[0] == '#' ? value.ToString() : null;
            }

            if (text[i] == '\\' && text[0] == '"' && i + 1 < text.Length && text[i + 1] is 'n' or '"' or '\\')
            {
                value.Append(text[++i] == 'n' ? '\n' : text[i]);
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }
}
