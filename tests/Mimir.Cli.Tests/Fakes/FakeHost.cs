using System.Runtime.CompilerServices;
using Mimir.Cli.Hosting;
using Mimir.Configuration.Import;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Sources;
using Mimir.Router.State;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Hands out one prepared run and remembers what it was asked for.</summary>
internal sealed class FakeHost(Func<RunRequest, IRouterRun> start) : IRouterHost
{
    public RunRequest? Started { get; private set; }

    public ServeRequest? Served { get; private set; }

    public Task<IRouterRun> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        Started = request;
        return Task.FromResult(start(request));
    }

    public Task<int> ServeAsync(ServeRequest request, CancellationToken cancellationToken)
    {
        Served = request;
        return Task.FromResult(ExitCodes.Success);
    }

    public FakeSecrets Kept { get; } = new();

    public ISecretStore Secrets(string? config) => Kept;

    public IReadOnlyList<AppRow> Apps(string? config) => AppRows;

    public List<AppRow> AppRows { get; } = [];

    public Diagnosis Diagnosis { get; set; } = new() { Place = "/etc/mimir" };

    public Task<Diagnosis> DiagnoseAsync(string? config, bool listeners, CancellationToken cancellationToken) => Task.FromResult(Diagnosis);
    public Func<string, Importer> Importing { get; set; } = _ => throw new NotSupportedException();

    public Importer Imports(string? config, string project) => Importing(project);
    public FakeEnvironment Environment { get; } = new();

    public ConfigStore Configuration(string? config) => new(ConfigLocation.Find(config, Environment), Environment, null, TimeProvider.System);

    public FakeAudit Audited { get; } = new();

    public Task<T> AuditedAsync<T>(string? config, Func<Task<T>> work, Func<T, ChangeRecord?> record) => work();

    public IApprovals Approvals() => throw new NotSupportedException();

    public IAuditView Audit(string? config) => Audited;

    public LogRequest? Read { get; private set; }

    public IReadOnlyList<LogRow> Logs { get; set; } = [];

    public async IAsyncEnumerable<LogRow> ReadLogsAsync(
        LogRequest request, Action<string> say, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Read = request;
        say("said by the host\u001b[31m");
        await Task.Yield();
        foreach (var row in Logs)
        {
            yield return row;
        }

        if (request.Follow)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
