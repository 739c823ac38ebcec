using System.Text;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Validation;

/// <summary>A server's name is a segment of a URL, the name of a file, and a word on a screen.</summary>
internal sealed class ServerNameRules : IConfigValidator
{
    private const int MaxLength = 64;

    /// <inheritdoc/>
    public void Check(RouterConfig config, IssueList issues)
    {
        foreach (var server in config.Servers)
        {
            if (Fault(server.Name) is var (message, remedy))
            {
                issues.Error(server.Source.Mark, server.Source.Value.Path, message, remedy);
            }
        }
    }

    /// <summary>What is wrong with a name of a server or cluster; null when nothing is.</summary>
    public static (string Message, string Remedy)? Fault(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return ($"the name has {name.Length} characters", $"Write 1 to {MaxLength}");
        }

        if (name is "." or "..")
        {
            return ("the name means a folder in an address", "Write another name");
        }

        if (name.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return ("the name holds a slash or backslash", "Remove it: the name is one segment of an address");
        }

        foreach (var rune in name.EnumerateRunes())
        {
            if (Legible.IsInvisible(rune) || rune == Rune.ReplacementChar)
            {
                return ("the name holds a character that cannot be seen", "Remove it");
            }
        }

        return char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1])
            ? ("the name begins or ends with white space", "Remove it")
            : null;
    }
}
