using System.Text.Json;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>What the log does when the disk does not: each record is kept once or counted, and waits within bounds.</summary>
public sealed class AuditTroubleTests : IDisposable
{
    private readonly AuditFolder _folder = new();
    private readonly FailingLogDisk _disk = new();

    private CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Goes.Dispose();
    }

    [Theory]
    [InlineData(AuditMode.Relaxed)]
    [InlineData(AuditMode.Durable)]
    public async Task Add_TheLogCannotBeSetAside_KeepsEachOnceInTheSameFile(AuditMode mode)
    {
        Directory.CreateDirectory(_folder.Log + ".1");
        await using (var log = _folder.Open(mode, maxBytes: 16 << 10))
        {
            for (var i = 0; i < 300; i++) log.Add(new ChangeRecord("test") { Name = $"n{i}" });
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"n{i}"), _folder.Records.Select(r => r.GetProperty("name").GetString()));
        Assert.True((await _folder.VerifyAsync()).IsWhole);
        Assert.Contains("cannot be set aside", Assert.Single(_folder.Said), StringComparison.Ordinal);

        Directory.Delete(_folder.Log + ".1");
        await _folder.WriteAsync(1, maxBytes: 16 << 10);
        Assert.Equal(2, AuditNames.Find(_folder.Log).Count);
        Assert.True((await _folder.VerifyAsync()) is { IsWhole: true, Last: 301 });
    }

    [Fact]
    public async Task Add_TheFileCannotBeForced_TakesAwayWhatItWroteAndKeepsEachOnce()
    {
        await _folder.WriteAsync(2);
        var before = await File.ReadAllBytesAsync(_folder.Log, Stop);
        _disk.FailsToFlush = true;
        await using (var log = _folder.Open(AuditMode.Durable, disk: _disk))
        {
            log.Add(new ChangeRecord("once"));
            await Patience.UntilAsync(() => log.Failure is not null);
            Assert.Equal(before, await File.ReadAllBytesAsync(_folder.Log, Stop));
            _disk.FailsToFlush = false;
            await Patience.UntilAsync(() => log.Failure is null);
        }

        Assert.Single(_folder.Records, r => r.GetProperty("change").GetString() == "once");
        Assert.Equal(3, (await _folder.VerifyAsync()).Records);
    }

    [Fact]
    public async Task Add_DurableWhileTheDiskHangs_BoundsWhatNobodyAdmitted()
    {
        await using (var log = _folder.Open(AuditMode.Durable, disk: _disk))
        {
            _disk.Goes.Reset();
            log.Add(new ChangeRecord("test"));
            await _disk.Writes.Task.Within();
            for (var i = 0; i < AuditLog.MostWaiting; i++) log.Add(new ChangeRecord("test"));
            log.Add(new ChangeRecord("test"));
            new CallRecord(log, null, 0) { Method = Mimir.Protocol.Envelopes.McpMethod.ToolsCall }.End(new RouterError(ErrorCodes.Busy, "too many"));
            Assert.True(new CallRecord(log, new TestExchange(), 0).End(CallOutcome.Ok, 0, 0));
            _disk.Goes.Set();
            await Patience.UntilAsync(() => _folder.Records.Any(r => Change(r) == "suppressed"));
        }

        Assert.Equal(2, _folder.Records.Where(r => Change(r) == "suppressed").Sum(r => r.GetProperty("count").GetInt64()));
        Assert.Equal(AuditLog.MostWaiting + 1, _folder.Records.Count(r => Change(r) == "test"));
        Assert.Single(_folder.Records, r => Change(r) is null);
    }

    private static string? Change(JsonElement record) => record.TryGetProperty("change", out var change) ? change.GetString() : null;
}
