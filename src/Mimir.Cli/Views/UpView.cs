using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Router.State;

namespace Mimir.Cli.Views;

/// <summary>What <c>mimir up</c> shows: the endpoint and the snippets are data and go to stdout, how the servers fare is talk.</summary>
internal sealed class UpView(CliConsole console)
{
    private readonly Dictionary<string, ServerRow> _shown = new(StringComparer.Ordinal);

    /// <summary>Shows where the router is and how to reach it from each client.</summary>
    public void ShowEndpoint(IRouterRun run, IReadOnlyList<ClientSnippet> snippets)
    {
        foreach (var notice in run.Notices)
        {
            console.Error.WriteLine(console.OnError(Ink.Warning, SafeText.Line(notice)));
        }

        console.Out.WriteLine($"Mimir is at {console.OnOut(Ink.Bold, run.Endpoint!.ToString())}");
        foreach (var snippet in snippets)
        {
            console.Out.WriteLine();
            console.Out.WriteLine($"{console.OnOut(Ink.Bold, snippet.Client)}{console.OnOut(Ink.Faint, $" - {snippet.Where}")}");
            foreach (var line in SafeText.Block(snippet.Text).Split('\n'))
            {
                console.Out.WriteLine("  " + line);
            }
        }

        console.Out.WriteLine();
        if (run.IsDemo)
        {
            console.Error.WriteLine(
                $"Nothing is configured, so the built-in demo server is served. Put your servers in {SafeText.Line(run.ConfigFile)}.");
        }

        console.Error.WriteLine("Ctrl-C stops it.");
    }

    /// <summary>Shows a server that became ready, failed or changed its counts; what a person already read is not repeated.</summary>
    public void ShowServer(ServerRow server)
    {
        // What is counted all the time is no news.
        server = server with { Garbage = 0, Strays = 0, IsSilent = false, Health = null };
        var known = _shown.GetValueOrDefault(server.Name);
        if (known == server || (known is null && server.State is UpstreamStatus.Configured or UpstreamStatus.Starting))
        {
            return;
        }

        _shown[server.Name] = server;
        console.Error.WriteLine(
            $"{console.OnError(ServersView.Look(server.State), Mark(server.State))} {SafeText.Prose(server.Name)}: {Describe(server)}");
    }

    private static string Mark(UpstreamStatus state) => state switch
    {
        UpstreamStatus.Ready => "+",
        UpstreamStatus.Backoff or UpstreamStatus.Failed or UpstreamStatus.NeedsAuth or UpstreamStatus.Quarantined => "!",
        _ => "~",
    };

    private static string Describe(ServerRow server)
    {
        var detail = string.IsNullOrEmpty(server.Detail) ? "" : " - " + SafeText.Prose(server.Detail);
        return server.State == UpstreamStatus.Ready
            ? $"{Plural(server.Tools, "tool")}{More(server)}, {server.Transport}, {server.Revision}{detail}"
            : UpstreamLife.Word(server.State) + detail;
    }

    private static string More(ServerRow server)
    {
        var text = server.Prompts > 0 ? ", " + Plural(server.Prompts, "prompt") : "";
        var resources = server.Resources + server.Templates;
        return resources > 0 ? text + ", " + Plural(resources, "resource") : text;
    }

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
