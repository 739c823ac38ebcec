using System.Text.RegularExpressions;
using Mimir.Peers;

namespace Mimir.Interop.Apps;

/// <summary>The commands that the sample's README has for whoever tries it.</summary>
internal static partial class OrreryReadme
{
    private static readonly Lazy<string[]> LazyCommands = new(Read);

    /// <summary>What the commands that call tools begin with.</summary>
    public const string Call = "call ";

    /// <summary>How a tool is called with the Inspector: a function of the shell.</summary>
    public static string CallFunction => Command("call()");

    /// <summary>The one command that has some words in it.</summary>
    public static string Command(params string[] words) => Assert.Single(LazyCommands.Value, line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    private static string[] Read()
    {
        var text = File.ReadAllText(Path.Combine(Workshop.Root, "samples", "orrery", "README.md"));
        return [.. Blocks().Matches(text).SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
