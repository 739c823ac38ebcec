using System.Net;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Clients;

/// <summary>Knows the entries of clients that are Mimir itself: behind itself it would call itself without end.</summary>
internal static class Ourselves
{
    /// <summary>What clients are told to call it.</summary>
    private const string Name = "mimir";

    /// <summary>Whether an entry starts or reaches Mimir, by itself or through a bridge program.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="entry">What it says, in our words.</param>
    /// <param name="port">The port that Mimir serves when nobody names one. It may have moved: an entry that bears our name is ours at any.</param>
    public static bool Are(string name, ConfigNode entry, int port)
    {
        var ours = name.Equals(Name, StringComparison.OrdinalIgnoreCase) ? (int?)null : port;
        var command = entry.Find("command")?.Value.Text ?? "";
        var arguments = entry.Find("args")?.Value.Items.Select(item => item.Text).ToArray() ?? [];
        return IsEndpoint(entry.Find("url")?.Value.Text, ours)
            || arguments.Any(argument => IsEndpoint(argument, ours))
            || (arguments.Contains("serve", StringComparer.Ordinal) && (IsProgram(command) || arguments.Any(IsProgram)));
    }

    private static bool IsProgram(string text)
    {
        var name = text.AsSpan(text.LastIndexOfAny(['/', '\\']) + 1);
        return name.Equals("mimir", StringComparison.OrdinalIgnoreCase) || name.Equals("mimir.exe", StringComparison.OrdinalIgnoreCase)
            || name.Equals("mimir.dll", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsEndpoint(string? text, int? port) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttp
        && (port is null || uri.Port == port)
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        && (uri.AbsolutePath == "/sse" || uri.AbsolutePath == "/mcp" || uri.AbsolutePath.StartsWith("/mcp/", StringComparison.Ordinal));
}
