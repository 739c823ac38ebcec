using System.Globalization;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Router.State;

namespace Mimir.Cli.Commands;

/// <summary>Says on stderr what a command waits for, when it waits so long that a person would begin to wonder.</summary>
internal static class StartTalk
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Then = TimeSpan.FromSeconds(5);

    /// <summary>Waits for something that waits for servers, and names those that are still being started.</summary>
    /// <param name="console">Where to talk.</param>
    /// <param name="run">The router.</param>
    /// <param name="work">What is waited for; its failure is the caller's.</param>
    /// <param name="server">The only server that matters, or null for all.</param>
    public static async Task WhileAsync(CliConsole console, IRouterRun run, Task work, string? server = null)
    {
        var waited = TimeSpan.Zero;
        for (var pause = First; await Task.WhenAny(work, Task.Delay(pause)).ConfigureAwait(false) != work; pause = Then)
        {
            waited += pause;
            foreach (var row in run.Servers.Where(s => s.State is UpstreamStatus.Configured or UpstreamStatus.Starting && (server is null || s.Name == server)))
            {
                console.Error.WriteLine(console.OnError(Ink.Faint, Describe(row, waited)));
            }
        }

        await work.ConfigureAwait(false);
    }

    private static string Describe(ServerRow server, TimeSpan waited)
    {
        var silent = server.IsSilent
            ? "; it was silent to the question which era it speaks, and was started once more (\"protocol\" in its configuration spares that)"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"waiting for {SafeText.Prose(server.Name)} to start: {waited.TotalSeconds:0} s so far, {server.StartLimit.TotalSeconds:0.#} s at most{silent}");
    }
}
