using Mimir.Router.Policies.Audit;

namespace Mimir.Cli.Hosting;

/// <summary>The audit log, for who reads it.</summary>
internal interface IAuditView
{
    /// <summary>Full path of the log.</summary>
    string Path { get; }

    /// <summary>Reads records.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whole records as JSON, oldest first; with <see cref="AuditRequest.Follow"/> without end.</returns>
    /// <exception cref="CommandFailure">The log cannot be read. Thrown while reading.</exception>
    IAsyncEnumerable<string> ReadAsync(AuditRequest request, CancellationToken cancellationToken);

    /// <summary>Looks through the log.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or there is none.</exception>
    Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken);
}
