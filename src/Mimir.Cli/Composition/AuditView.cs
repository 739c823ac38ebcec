using System.Runtime.CompilerServices;
using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Router.Policies.Audit;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Reads the files of the audit log; nobody who writes it is asked.</summary>
internal sealed class AuditView : IAuditView
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds the log.</summary>
    /// <param name="config">A file or folder of configuration, or null for the default places.</param>
    /// <exception cref="CommandFailure">There is no place for one.</exception>
    public AuditView(string? config) => Path = AuditPlace.ModelOf(config).Path
        ?? AuditPlace.Usual(StateFolder.ForUser(Environment.GetEnvironmentVariable))
        ?? throw new CommandFailure(ExitCodes.Unavailable, "The audit log is kept in the home folder, and neither HOME nor XDG_STATE_HOME is set. Set one of them, or name a file with audit.path.");

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync(AuditRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new AuditReader(Path, line => IsWanted(request, line));
        foreach (var line in Try(() => reader.ReadNewest(request.Records)))
        {
            yield return line;
        }

        while (request.Follow)
        {
            await Task.Delay(LookEvery, cancellationToken).ConfigureAwait(false);
            foreach (var line in Try(reader.ReadNew))
            {
                yield return line;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await AuditVerifier.RunAsync(Path, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return verdict.Files.Count > 0 ? verdict : throw new CommandFailure(ExitCodes.Unavailable, $"There is no audit log at {Path}: nothing was called or changed yet, or audit.mode is off.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private static bool IsWanted(AuditRequest request, string line)
    {
        try
        {
            using var record = JsonDocument.Parse(line);
            var root = record.RootElement;
            return (request.Server is null || TextOf(root, "server") == request.Server)
                && (!request.ErrorsOnly || TextOf(root, "decision") == "deny" || TextOf(root, "outcome") is "tool_error" or "error" or "lost" or "canceled"
                    || TextOf(root, "change") is "reload_refused" or "server_failed" or "server_quarantined" or "suppressed" or AuditLog.Torn);
        }
        catch (JsonException)
        {
            // What is no record is for mimir audit verify.
            return false;
        }
    }

    private static string? TextOf(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private CommandFailure Unreadable(Exception e) => new(ExitCodes.Unavailable, $"The audit log {Path} cannot be read: {e.Message}", e);
}
