using Mimir.Configuration.Import;
using Mimir.Configuration.Editing;
using Mimir.Router.State;

namespace Mimir.Cli.Hosting;

/// <summary>Builds routers for commands. Implemented by the composition root, the only place that knows all the rooms.</summary>
internal interface IRouterHost
{
    /// <summary>Starts a router and, when asked, its HTTP listener. Servers are started in the background.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The running router; disposing it stops it and every server it started.</returns>
    /// <exception cref="CommandFailure">The configuration is wrong, or the address is taken.</exception>
    Task<IRouterRun> StartAsync(RunRequest request, CancellationToken cancellationToken);

    /// <summary>Serves clients until they are done: stdin has ended, or the token is cancelled.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="CommandFailure">The configuration is wrong, or the address is taken.</exception>
    Task<int> ServeAsync(ServeRequest request, CancellationToken cancellationToken);

    /// <summary>The secrets of the user, seen beside what a configuration says of them.</summary>
    /// <param name="config">A file or folder of configuration from the command line, or null for the default places.</param>
    /// <exception cref="CommandFailure">There is no home to keep them in.</exception>
    ISecretStore Secrets(string? config);

    /// <summary>The apps on this machine that have an MCP server inside.</summary>
    /// <param name="config">A file or folder, or null for the default places.</param>
    IReadOnlyList<AppRow> Apps(string? config);

    /// <summary>Looks at everything that is configured; no server is started.</summary>
    /// <param name="config">A file or folder of configuration from the command line, or null for the default places.</param>
    /// <param name="listeners">Whether to look for MCP servers that listen on this machine, which takes a second or two.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Diagnosis> DiagnoseAsync(string? config, bool listeners, CancellationToken cancellationToken);

    /// <summary>What takes servers over from other clients into a configuration.</summary>
    /// <param name="config">A folder of configuration from the command line, or null for the default places.</param>
    /// <param name="project">Full path of the folder whose clients are looked at, besides those of the user.</param>
    /// <exception cref="CommandFailure">There is no home to keep records in.</exception>
    Importer Imports(string? config, string project);

    /// <summary>What is configured, to be read without starting anything.</summary>
    /// <param name="config">A file or folder of configuration from the command line, or null for the default places.</param>
    ConfigStore Configuration(string? config);

    /// <summary>Makes a change and keeps in the audit log that it was made. Nothing is changed that would have to be kept and cannot be.</summary>
    /// <param name="config">A file or folder of configuration from the command line, or null for the default places.</param>
    /// <param name="work">Makes it.</param>
    /// <param name="record">What is kept of it; null for nothing, where nothing has changed.</param>
    /// <exception cref="CommandFailure">It could not be kept, and nothing was changed.</exception>
    Task<T> AuditedAsync<T>(string? config, Func<Task<T>> work, Func<T, ChangeRecord?> record);

    /// <summary>The changes that tools were asked for and that wait for the operator.</summary>
    /// <exception cref="CommandFailure">There is no home to keep them in.</exception>
    IApprovals Approvals();

    /// <summary>The audit log that a configuration leads to.</summary>
    /// <param name="config">A file or folder of configuration from the command line, or null for the default places.</param>
    /// <exception cref="CommandFailure">There is no place for one.</exception>
    IAuditView Audit(string? config);

    /// <summary>Finds what a server wrote to stderr; no router is started and none is asked.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="say">Takes a sentence about whose log it is, and what is waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The lines, oldest first; with <see cref="LogRequest.Follow"/> without end.</returns>
    /// <exception cref="CommandFailure">There is no such server, or no log of it. Thrown while reading.</exception>
    IAsyncEnumerable<LogRow> ReadLogsAsync(LogRequest request, Action<string> say, CancellationToken cancellationToken);
}
