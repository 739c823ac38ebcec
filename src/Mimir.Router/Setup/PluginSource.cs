using System.Diagnostics.CodeAnalysis;

namespace Mimir.Router.Setup;

/// <summary>Where a plugin comes from: a git repository behind an https address, or a folder of this machine.</summary>
/// <param name="Written">As it was written.</param>
/// <param name="Name">The name of the folder that it gets: that of the repository or folder, without <c>.git</c> and <c>-mcp</c>.</param>
/// <param name="Repository">The address of the repository; null for a folder.</param>
/// <param name="Folder">The full path of the folder; null for a repository.</param>
public sealed record PluginSource(string Written, string Name, Uri? Repository, string? Folder)
{
    private const int MostCharacters = 1000;
    private const string GitHub = "github:";

    /// <summary>Reads one. Touches no file and no network.</summary>
    /// <param name="text"><c>github:OWNER/REPOSITORY</c>, an https address, or the full path of a folder.</param>
    /// <param name="fault">What is wrong: a sentence; empty when nothing is.</param>
    public static PluginSource? Read(string text, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string How = "Write github:OWNER/REPOSITORY, an https address of a git repository, or the full path of a folder.";
        fault = "";
        if (text.Length > MostCharacters || text.Any(char.IsControl))
        {
            fault = $"The source is too long or holds control characters. {How}";
            return null;
        }

        var address = text.StartsWith(GitHub, StringComparison.Ordinal) ? $"https://github.com/{text[GitHub.Length..]}.git" : text;
        if (text.StartsWith(GitHub, StringComparison.Ordinal) && !(text[GitHub.Length..].Split('/') is [var owner, var repository] && IsPlain(owner) && IsPlain(repository)))
        {
            fault = $"The source names no repository. {How}";
            return null;
        }

        var isFolder = Path.IsPathFullyQualified(text);
        if (!isFolder && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0))
        {
            fault = $"The source is no address and no folder that can be taken. Of addresses only https is, without user name and query. {How}";
            return null;
        }

        var name = NameOf(Path.TrimEndingDirectorySeparator(isFolder ? text : new Uri(address).AbsolutePath));
        if (name is null)
        {
            fault = "No name for a plugin can be made of the source: its last part has to begin with a letter, and to have letters, digits, hyphens and underscores only.";
            return null;
        }

        return new PluginSource(text, name, isFolder ? null : new Uri(address), isFolder ? Path.GetFullPath(text) : null);
    }

    /// <summary>Whether a folder of a plugin may have this name.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetterLower(name[0]) && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    /// <summary>The command with which the operator does it himself: safe to paste into a shell, whoever wrote the source.</summary>
    /// <param name="target">Full path of the folder that it gets.</param>
    public string Command(string target) => Repository is not null ? $"git clone --depth 1 -- {Quote(Repository.AbsoluteUri)} {Quote(target)}" : $"cp -R -- {Quote(Folder!)} {Quote(target)}";

    private static bool IsPlain(string part) =>
        part.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(part[0]) && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string? NameOf(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant();
        name = name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
        name = name.EndsWith("-mcp", StringComparison.Ordinal) ? name[..^4] : name;
        return IsName(name) ? name : null;
    }

    private static string Quote(string path) => path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '\\') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
