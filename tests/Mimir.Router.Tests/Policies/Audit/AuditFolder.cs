using System.Text.Json;
using Mimir.Router.Files;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>A folder with a log in it, which goes with the test.</summary>
internal sealed class AuditFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-audit");

    /// <summary>The log.</summary>
    public string Log => Path.Combine(_folder.FullName, "audit", "audit.log");

    /// <summary>What was said to the operator.</summary>
    public List<string> Said { get; } = [];

    /// <summary>The lines of all files, the oldest first.</summary>
    public string[] Lines => [.. AuditNames.Find(Log).SelectMany(File.ReadAllLines)];

    /// <summary>The records of all files, the oldest first.</summary>
    public JsonElement[] Records => [.. Lines.Select(line => JsonElement.Parse(line))];

    /// <summary>Opens the log.</summary>
    public AuditLog Open(AuditMode mode = AuditMode.Relaxed, long maxBytes = 10 << 20, int keep = 7, ILogDisk? disk = null, string? path = null) => new(
        new AuditModel { Mode = mode, MaxBytes = maxBytes, Keep = keep, Path = path }, Log, "run", TimeProvider.System, text =>
        {
            lock (Said) Said.Add(text);
        },
        disk);

    /// <summary>Writes changes of these names, and closes the log.</summary>
    public async Task WriteAsync(int count, long maxBytes = 10 << 20, int keep = 7)
    {
        await using var log = Open(maxBytes: maxBytes, keep: keep);
        for (var i = 0; i < count; i++) log.Add(new ChangeRecord("test") { Name = $"n{i}" });
    }

    /// <summary>Looks through the log.</summary>
    public Task<AuditVerdict> VerifyAsync() => AuditVerifier.RunAsync(Log, TimeProvider.System, TestContext.Current.CancellationToken).Within();

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
