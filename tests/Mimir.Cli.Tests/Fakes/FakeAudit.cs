using System.Runtime.CompilerServices;
using Mimir.Cli.Hosting;
using Mimir.Router.Policies.Audit;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>An audit log that holds what a test puts into it.</summary>
internal sealed class FakeAudit : IAuditView
{
    public string Path => "/state/audit.log";

    public IReadOnlyList<string> Records { get; set; } = [];

    public AuditVerdict Verdict { get; set; } = new(["/state/audit.log"], 3, 1, 3, 0, []);

    public AuditRequest? Asked { get; private set; }

    public async IAsyncEnumerable<string> ReadAsync(AuditRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked = request;
        await Task.Yield();
        foreach (var record in Records)
        {
            yield return record;
        }

        if (request.Follow)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    public Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult(Verdict);
}
