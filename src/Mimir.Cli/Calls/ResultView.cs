using System.Globalization;
using System.Text.Json;
using Mimir.Cli.Terminal;
using Mimir.Cli.Views;

namespace Mimir.Cli.Calls;

/// <summary>Prints the result of a call: its texts as they are, a line about everything that is no text.</summary>
internal static class ResultView
{
    /// <summary>Prints a result to stdout.</summary>
    /// <param name="console">Where to. On a terminal, what could harm it is escaped; into a file or pipe every text goes unchanged.</param>
    /// <param name="result">The <c>CallToolResult</c> as it came.</param>
    /// <param name="json">The whole of it as JSON.</param>
    /// <returns>Whether the call did what was asked: not when the tool says <c>isError</c>, nor for a kind of result that is unknown here.</returns>
    public static bool Print(CliConsole console, JsonElement result, bool json)
    {
        if (result.ValueKind != JsonValueKind.Object)
        {
            console.Error.WriteLine("The server answered with something that is no result of a tool.");
            return false;
        }

        if (!JsonText.HasReadableNames(result))
        {
            console.Out.WriteLine(JsonText.Build(w => JsonText.WriteForeign(w, result)));
            console.Error.WriteLine("The result has a member whose name is no text; it is shown as it came.");
            return false;
        }

        var kind = Text(result, "resultType");
        if (json || kind is not (null or "complete"))
        {
            console.Out.WriteLine(JsonText.Build(w => JsonText.WriteForeign(w, result)));
        }
        else
        {
            PrintContent(console, result);
        }

        if (kind is not (null or "complete"))
        {
            console.Error.WriteLine($"The server answered with a result of type '{SafeText.Prose(kind)}', which mimir call does not follow.");
            return false;
        }

        if (result.TryGetProperty("isError", out var failed) && failed.ValueKind == JsonValueKind.True)
        {
            console.Error.WriteLine(console.OnError(Ink.Bad, "The tool reported an error."));
            return false;
        }

        return true;
    }

    private static void PrintContent(CliConsole console, JsonElement result)
    {
        var printed = false;
        if (result.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in content.EnumerateArray())
            {
                PrintBlock(console, block);
                printed = true;
            }
        }

        if (!printed && result.TryGetProperty("structuredContent", out var structured))
        {
            console.Out.WriteLine(JsonText.Build(w => JsonText.WriteForeign(w, structured)));
        }
    }

    private static void PrintBlock(CliConsole console, JsonElement block)
    {
        switch (Text(block, "type"))
        {
            case "text":
                PrintText(console, Text(block, "text") ?? "");
                break;
            case "image":
                Describe(console, "image", Text(block, "mimeType"), Size(Text(block, "data")));
                break;
            case "audio":
                Describe(console, "audio", Text(block, "mimeType"), Size(Text(block, "data")));
                break;
            case "resource_link":
                Describe(console, "resource link", Text(block, "uri"), Text(block, "title") ?? Text(block, "name"), Text(block, "mimeType"));
                break;
            case "resource" when block.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object:
                Describe(console, "resource", Text(resource, "uri"), Text(resource, "mimeType"), Size(Text(resource, "blob")));
                if (Text(resource, "text") is { } text)
                {
                    PrintText(console, text);
                }

                break;
            case var other:
                Describe(console, "content of type " + (other ?? "unknown"));
                break;
        }
    }

    private static void PrintText(CliConsole console, string text)
    {
        var shown = console.OutIsTerminal ? SafeText.Block(text) : text;
        console.Out.Write(shown.EndsWith('\n') ? shown : shown + "\n");
    }

    private static void Describe(CliConsole console, params ReadOnlySpan<string?> parts)
    {
        var known = new List<string>();
        foreach (var part in parts)
        {
            if (!string.IsNullOrEmpty(part))
            {
                known.Add(SafeText.Prose(part));
            }
        }

        console.Out.WriteLine(console.OnOut(Ink.Faint, $"[{string.Join(", ", known)}]"));
    }

    private static string? Size(string? base64)
    {
        if (base64 is null)
        {
            return null;
        }

        var bytes = (base64.TrimEnd('=').Length * 3L) / 4;
        return bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes";
    }

    private static string? Text(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: legal JSON that is no text. Its escaped form is.
            return member.GetRawText().Trim('"');
        }
    }
}
