using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Skills;

/// <summary>Reads one file: Markdown that begins with YAML between two lines of <c>---</c>. Keys that Mimir does not know are those of other programs.</summary>
internal static class SkillFile
{
    /// <summary>The largest file: 256 KiB.</summary>
    public const int MaxBytes = 256 << 10;

    private const int MaxName = 128, MaxDescription = 4096;
    private const string HowToBegin = "Begin it with three lines, ---, name: NAME and description: WHAT IT IS FOR, and a fourth, ---";

    /// <summary>Reads.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="root">Full path of the folder of its kind.</param>
    /// <param name="file">Its full path.</param>
    /// <param name="issues">Told what is wrong: then it is not used.</param>
    /// <returns>What it holds, and where its name stands; null after an error.</returns>
    public static (SkillModel Skill, ConfigMark Name)? Read(SkillKind kind, string root, string file, IssueList issues)
    {
        if (new FileInfo(file) is { Exists: true, LinkTarget: null, Length: > MaxBytes } || BoundedFile.Read(file, issues) is not { } read || read.Count > MaxBytes)
        {
            if (!issues.HasErrors)
            {
                issues.Error(file, $"is larger than {MaxBytes >> 10} KiB", "Shorten it: what a model is to know of it besides can stand in other files");
            }

            return null;
        }

        var text = Utf8Text.WithoutMark(read);
        if (!Utf8Text.IsValid(text, file, KeyPath.Top, issues))
        {
            return null;
        }

        var end = FrontEnd(text);
        if (end <= 0)
        {
            issues.Error(
                new ConfigMark(file, 1, 1),
                KeyPath.Top,
                end < 0 ? "has no front matter" : "its front matter does not end",
                end < 0 ? HowToBegin : "Write a line --- behind the last of its keys");
            return null;
        }

        // With its first line it is a document of YAML, and places are those in the file.
        if (YamlTree.Read(text[..end], file, issues) is not { } front)
        {
            return null;
        }

        if (front.Kind != ConfigKind.Object)
        {
            issues.Error(front, "the front matter holds no keys", HowToBegin);
            return null;
        }

        var name = Text(front, "name", MaxName, issues);
        var description = Text(front, "description", MaxDescription, issues);
        if (name is null || description is null || Slug(name, issues) is not { } slug)
        {
            return null;
        }

        var relative = Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
        var body = Encoding.UTF8.GetString(text[LineEnd(text, end)..]).TrimStart('\r', '\n');
        return (new SkillModel(kind, slug, name.Text.Trim(), description.Text.Trim(), body, relative), name.Mark);
    }

    /// <summary>The name as names of tools may be: other characters become one underscore.</summary>
    private static string? Slug(ConfigNode name, IssueList issues)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '_')
            {
                slug.Append('_');
            }
        }

        var text = slug.ToString().TrimEnd('_');
        if (text.Length is > 0 and <= SkillModel.MostSlug)
        {
            return text;
        }

        issues.Error(
            name,
            text.Length == 0 ? "holds no letter from a to z and no digit, of which names of tools are made" : $"is {text.Length} characters long as the name of a tool",
            $"Write another name, of at most {SkillModel.MostSlug} letters, digits and hyphens");
        return null;
    }

    private static ConfigNode? Text(ConfigNode front, string key, int most, IssueList issues)
    {
        if (front.Find(key)?.Value is not { Kind: not ConfigKind.Null } node)
        {
            issues.Error(front, $"the front matter has no {key}", $"Write {key}: and {(key == "name" ? "a name" : "what it is for")} behind it");
        }
        else if (node.Kind is not (ConfigKind.String or ConfigKind.Number or ConfigKind.Boolean))
        {
            issues.WrongKind(node, "a text", "it in one line");
        }
        else if (string.IsNullOrWhiteSpace(node.Text) || node.Text.Length > most)
        {
            issues.Error(node, string.IsNullOrWhiteSpace(node.Text) ? "is empty" : $"has {node.Text.Length} characters", $"Write 1 to {most}");
        }
        else
        {
            return node;
        }

        return null;
    }

    /// <summary>Where the line begins that ends the front matter; -1 when there is none at all, 0 when it does not end.</summary>
    private static int FrontEnd(ReadOnlySpan<byte> text)
    {
        if (!IsFence(text[..LineEnd(text, 0)]))
        {
            return -1;
        }

        for (var at = LineEnd(text, 0); at < text.Length;)
        {
            var next = LineEnd(text, at);
            if (IsFence(text[at..next]))
            {
                return at;
            }

            at = next;
        }

        return 0;
    }

    private static bool IsFence(ReadOnlySpan<byte> line) => line.TrimEnd(" \t\r\n"u8).SequenceEqual("---"u8);

    /// <summary>Where the line after the one at a place begins.</summary>
    private static int LineEnd(ReadOnlySpan<byte> text, int at)
    {
        var end = text[at..].IndexOf((byte)'\n');
        return end < 0 ? text.Length : at + end + 1;
    }
}
