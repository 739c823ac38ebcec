using System.Runtime.CompilerServices;
using Mimir.Cli.Commands;
using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Sources;
using Mimir.Router.Model;
using Mimir.Supervisor.Logs;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Reads a server's log from the files of whoever keeps it: the newest Mimir that runs, else the last that has ended.</summary>
internal sealed class LogRun(LogRequest request, Action<string> say)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>The lines; without end when they are followed.</summary>
    /// <exception cref="CommandFailure">There is no such server, or no log.</exception>
    public async IAsyncEnumerable<LogRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shelf = new LogShelf(
            StateFolder.ForUser(Environment.GetEnvironmentVariable)
            ?? throw new CommandFailure(ExitCodes.Unavailable, "Logs are kept in the home folder, and neither HOME nor XDG_STATE_HOME is set. Set one of them."));
        var sources = shelf.Find(request.Server);
        if (sources.Count == 0)
        {
            RequireServer();
            say($"Waiting for a Mimir to start '{request.Server}'.");
        }
        else
        {
            Introduce(sources);
        }

        var source = sources.Count == 0 ? null : sources[0];
        var reader = source is null ? null : new LogReader(source.Folder);
        foreach (var row in Newest(reader))
        {
            yield return row;
        }

        while (request.Follow)
        {
            await Task.Delay(LookEvery, cancellationToken).ConfigureAwait(false);

            // Who runs is looked up before the log is read to its end: what an ended one wrote last is not missed.
            var next = Successor(shelf.Find(request.Server), source);
            for (var lines = reader?.ReadNew() ?? []; lines.Count > 0; lines = reader!.ReadNew())
            {
                foreach (var line in lines.Where(IsWanted))
                {
                    yield return Row(line);
                }
            }

            if (next is not null)
            {
                (source, reader) = (next, new LogReader(next.Folder));
                say($"Now of the Mimir with process {next.ProcessId}.");
            }
        }
    }

    /// <summary>Who is followed as long as it runs; then whoever started after it.</summary>
    private static LogSource? Successor(IReadOnlyList<LogSource> sources, LogSource? current)
    {
        var now = sources.FirstOrDefault(source => source.Folder == current?.Folder);
        return now is { IsAlive: true } ? null : sources.FirstOrDefault(source => current is null || source.Since > current.Since);
    }

    private static LogRow Row(LogLine line) => new(line.Time, line.ProcessId, line.IsNote, line.Text);

    private bool IsWanted(LogLine line) => request.Grep is null || line.Text.Contains(request.Grep, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is there already, as far as it was asked for: at most two files' worth is looked through.</summary>
    private Queue<LogRow> Newest(LogReader? reader)
    {
        var newest = new Queue<LogRow>();
        for (var lines = reader?.ReadNew() ?? []; lines.Count > 0; lines = reader!.ReadNew())
        {
            foreach (var line in lines.Where(IsWanted))
            {
                newest.Enqueue(Row(line));
                if (newest.Count > request.Lines)
                {
                    newest.Dequeue();
                }
            }
        }

        return newest;
    }

    private void Introduce(IReadOnlyList<LogSource> sources)
    {
        var alive = sources.Count(source => source.IsAlive);
        if (alive == 0)
        {
            say($"No Mimir that runs has started '{request.Server}'; this is of the last one that has ended (process {sources[0].ProcessId}).");
        }
        else if (alive > 1)
        {
            say($"{alive} Mimirs that run have started '{request.Server}'; this is of the newest (process {sources[0].ProcessId}).");
        }
    }

    /// <summary>Says why there is no log of it. One that is configured and may get a log is waited for when it is to be followed.</summary>
    private void RequireServer()
    {
        var name = request.Server;
        var location = ConfigLocation.Find(request.Config, ProcessEnvironment.Instance);
        var config = ConfigLoader.Load(location, ProcessEnvironment.Instance, UserVault.Instance);
        if (config.Model is null)
        {
            throw new CommandFailure(
                ExitCodes.Configuration, $"There is no log of '{name}', and the configuration has errors:\n{string.Join('\n', config.Issues.Select(i => i.ToString()))}");
        }

        var server = config.Model.Servers.FirstOrDefault(server => server.Name == name);
        if (server is not null)
        {
            if (server.Transport is not StdioModel)
            {
                throw new CommandFailure(
                    ExitCodes.Usage, $"Server '{name}' runs elsewhere (\"url\" in its configuration): what it logs is kept there.");
            }

            if (!request.Follow)
            {
                throw new CommandFailure(
                    ExitCodes.Unavailable,
                    $"There is no log of '{name}': no Mimir that runs has started it, nor had the last one that has ended. "
                    + $"It starts with the first request for it, or with: mimir inspect {name}. To wait for it: mimir logs {name} -f");
            }

            return;
        }

        if (config.SwitchedOff.Contains(name, StringComparer.Ordinal))
        {
            throw new CommandFailure(
                ExitCodes.Usage, $"There is no log of '{name}': it is not run. It is switched off, or it is a plugin that waits for something or is set aside. mimir doctor tells.");
        }

        var meant = NearestName.Find(name, config.Model.Servers.Select(s => s.Name).Concat(config.SwitchedOff));
        throw new CommandFailure(
            ExitCodes.Usage,
            $"There is no server '{name}' in {location.Path}, and no log of one.{(meant is null ? "" : $"\nDid you mean '{meant}'?")}\nmimir list shows all of them.");
    }
}
