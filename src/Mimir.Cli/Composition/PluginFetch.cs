using System.Collections.Immutable;
using Mimir.Configuration.Editing;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;
using Mimir.Supervisor;

namespace Mimir.Cli.Composition;

/// <summary>Fetches repositories of plugins with git, which runs nothing of theirs: no hooks, no submodules, no other protocol than https.</summary>
internal static class PluginFetch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Fetches the newest state of the main branch.</summary>
    /// <param name="repository">An https address.</param>
    /// <param name="target">Full path of a folder that is not there yet.</param>
    /// <param name="say">Takes what git says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigEditException">It could not be fetched.</exception>
    public static async Task CloneAsync(Uri repository, string target, Action<string> say, CancellationToken cancellationToken)
    {
        // Whoever is asked for a password here has named the wrong address.
        var git = new StdioModel(
            "git",
            ["-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "clone", "--depth", "1", "--single-branch", "--no-tags", "--", repository.AbsoluteUri, target],
            ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("GIT_TERMINAL_PROMPT", "0")]),
            WorkingDirectory: null);
        var host = new ProcessHost(TimeProvider.System, say);
        await using (host.ConfigureAwait(false))
        {
            IChildProcess child;
            try
            {
                child = await host.StartAsync("git", git, cancellationToken).ConfigureAwait(false);
            }
            catch (ProcessStartException e)
            {
                throw Failed(e.Message);
            }

            await using (child.ConfigureAwait(false))
            {
                await WaitAsync(child, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task WaitAsync(IChildProcess git, CancellationToken cancellationToken)
    {
        ChildExit end;
        try
        {
            end = await git.Exited.WaitAsync(s_patience, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failed($"git took longer than {s_patience.TotalMinutes:0} minutes");
        }

        if (end.Code != 0)
        {
            throw Failed($"git {end}, and said: {string.Join(" / ", git.StandardErrorTail.TakeLast(5))}");
        }
    }

    private static ConfigEditException Failed(string why) => new(EditTrouble.Refused, $"It could not be fetched: {why.TrimEnd('.')}.");
}
