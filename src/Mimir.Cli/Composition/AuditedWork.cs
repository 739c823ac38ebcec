using Mimir.Cli.Hosting;
using Mimir.Router.State;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Changes that commands make, kept in the audit log.</summary>
internal static class AuditedWork
{
    /// <summary>Makes a change and keeps that it was made. Nothing is changed that would have to be kept and cannot be.</summary>
    /// <param name="config">A file or folder of configuration, or null for the default places: it says how the log is kept.</param>
    /// <param name="say">Takes sentences for the operator.</param>
    /// <param name="work">Makes it.</param>
    /// <param name="record">What is kept of it; null for nothing, where nothing has changed.</param>
    /// <exception cref="CommandFailure">It could not be kept, and nothing was changed.</exception>
    public static async Task<T> RunAsync<T>(string? config, Action<string> say, Func<Task<T>> work, Func<T, ChangeRecord?> record)
    {
        var audit = AuditPlace.Open(AuditPlace.ModelOf(config), StateFolder.ForUser(Environment.GetEnvironmentVariable), say);
        await using (audit.ConfigureAwait(false))
        {
            if (await audit.CheckAsync().ConfigureAwait(false) is { } objection)
            {
                throw new CommandFailure(ExitCodes.Unavailable, objection);
            }

            var result = await work().ConfigureAwait(false);
            if (record(result) is { } kept)
            {
                audit.Add(kept);
            }

            return result;
        }
    }
}
