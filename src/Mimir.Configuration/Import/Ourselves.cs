using System.Net;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Import;

/// <summary>Knows the entries of clients that are Mimir itself: behind itself it would call itself without end.</summary>
internal static class Ourselves
{
    private const int OurPort = 3000;

    /// <summary>Whether an entry, in our words, starts or reaches Mimir, by itself or through a bridge program.</summary>
    public static bool Are(ConfigNode entry)
    {
        var command = entry.Find("command")?.Value.Text ?? "";
        var arguments = entry.Find("args")?.Value.Items.Select(item => item.Text).ToArray() ?? [];
        return IsEndpoint(entry.Find("url")?.Value.Text)
            || arguments.Any(IsEndpoint)
            || (arguments.Contains("serve", StringComparer.Ordinal) && (IsProgram(command) || arguments.Any(IsProgram)));
    }

    private static bool IsProgram(string text)
    {
        var name = text.AsSpan(text.LastIndexOfAny(['/', '\\']) + 1);
        return name.Equals("mimir", StringComparison.OrdinalIgnoreCase) || name.Equals("mimir.exe", StringComparison.OrdinalIgnoreCase)
            || name.Equals("mimir.dll", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsEndpoint(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttp
        && uri.Port == OurPort
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        && (uri.AbsolutePath == "/sse" || uri.AbsolutePath == "/mcp" || uri.AbsolutePath.StartsWith("/mcp/", StringComparison.Ordinal));
}
