using System.Text;
using Mimir.Embed.Attributes;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The tool that writes into the app's log.</summary>
/// <param name="scene">Where the log is.</param>
internal sealed class LogTools(HostScene scene)
{
    private const int MostCharacters = 8192;

    [McpTool("log", "Writes a message into the app's log.", IsDestructive = false)]
    public string Log(
        [McpToolParam(nameof(message), "The message.", MaxLength = MostCharacters)] string message,
        [McpToolParam(nameof(level), "How bad it is.", Choices = ["info", "warning", "warn", "error"])] string level = "info")
    {
        var known = level switch { "error" => LogLevel.Error, "warning" or "warn" => LogLevel.Warning, _ => LogLevel.Info };
        scene.Sink.Write(known, OneLine(message));
        return $"Logged message as {known} level.";
    }

    /// <summary>An agent writes one line: it cannot make up others in a log that somebody reads.</summary>
    private static string OneLine(string message)
    {
        var line = new StringBuilder(message.Length);
        foreach (var c in message) line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return line.ToString();
    }
}
