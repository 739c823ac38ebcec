using Mimir.Cli.Terminal;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Calls;

/// <summary>
/// A question that is answered in a browser. The whole address is shown, with its host picked out; nothing here opens or fetches it.
/// </summary>
internal static class UrlQuestion
{
    /// <summary>Shows the address and asks for consent.</summary>
    public static async ValueTask<ElicitResult> AskAsync(CliConsole console, string? url, CancellationToken cancellationToken)
    {
        console.Error.WriteLine("  " + SafeText.Line(url));
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || (parsed.Scheme != Uri.UriSchemeHttps && parsed.Scheme != Uri.UriSchemeHttp))
        {
            console.Error.WriteLine(console.OnError(Ink.Bad, "That is no http or https address. Declined."));
            return Answers.Decline;
        }

        console.Error.WriteLine($"  host: {console.OnError(Ink.Bold, SafeText.Line(parsed.IdnHost))}");
        foreach (var warning in Warnings(parsed))
        {
            console.Error.WriteLine("  " + console.OnError(Ink.Warning, warning));
        }

        while (true)
        {
            console.Error.Write("Open it yourself if you trust it. Then: [a]ccept, [d]ecline or [c]ancel? ");
            var line = await console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            switch (line?.Trim().ToUpperInvariant())
            {
                case "A" or "ACCEPT":
                    return Answers.Accept();
                case "D" or "DECLINE":
                    return Answers.Decline;
                case null or "C" or "CANCEL":
                    return Answers.Cancel;
                default:
                    if (!console.InIsTerminal)
                    {
                        return Answers.Cancel;
                    }

                    break;
            }
        }
    }

    private static IEnumerable<string> Warnings(Uri url)
    {
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            yield return "warning: the connection is not encrypted";
        }

        if (url.IdnHost.Split('.').Any(label => label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "warning: the host has letters that may only look like others";
        }

        if (url.UserInfo.Length > 0)
        {
            yield return "warning: what stands before the @ is not the host";
        }
    }
}
