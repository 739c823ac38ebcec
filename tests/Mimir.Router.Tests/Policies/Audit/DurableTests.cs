using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Router.State;
using Mimir.Router.Tests.Support;

namespace Mimir.Router.Tests.Policies.Audit;

/// <summary>In durable mode nobody is answered before the call is on the disk, and no call is made that could not be kept.</summary>
public sealed class DurableTests : IDisposable
{
    private readonly AuditFolder _folder = new();
    private readonly FailingLogDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answer_ACallThatIsKept_ComesOnceItIsOnTheDisk()
    {
        await using var log = _folder.Open(AuditMode.Durable, disk: _disk);
        var caller = Begin(log, out var generation);

        caller.AnswerResult(generation, "{}"u8);

        Assert.Contains("\"result\":{}", await caller.End.Within(), StringComparison.Ordinal);
        Assert.Single(_folder.Lines);
        await Patience.UntilAsync(() => caller.Settles == 1);
        Assert.Equal(1, caller.Deliveries);
        Assert.True(caller.IsEnded);
    }

    [Fact]
    public async Task Answer_TheLogCannotBeForced_IsAnErrorThatNamesItAndCallsAreRefusedUntilItCan()
    {
        _disk.FailsToFlush = true;
        await using var log = _folder.Open(AuditMode.Durable, disk: _disk);
        Assert.Contains(_folder.Log, await log.CheckAsync().Within(), StringComparison.Ordinal);
        var caller = Begin(log, out var generation);

        caller.AnswerResult(generation, "{}"u8);

        var answer = await caller.End.Within();
        Assert.DoesNotContain("\"result\"", answer, StringComparison.Ordinal);
        Assert.Contains("The call has run", answer, StringComparison.Ordinal);
        Assert.Contains("audit.log", answer, StringComparison.Ordinal);
        var refusal = log.Admit();
        Assert.Contains(_folder.Log, refusal?.Message, StringComparison.Ordinal);
        Assert.True(refusal!.Retryable);

        _disk.FailsToFlush = false;
        await Patience.UntilAsync(() => log.Failure is null);
        Assert.Null(log.Admit());
        Assert.Null(await log.CheckAsync().Within());
        await Patience.UntilAsync(() => _folder.Records.Any(r => r.TryGetProperty("change", out var change) && change.GetString() == "suppressed"));
    }

    [Fact]
    public async Task Withdraw_WhileTheAnswerWaits_GivesItUp()
    {
        var recorder = new HoldingRecorder();
        var caller = Begin(recorder, out var generation);
        caller.AnswerResult(generation, "{}"u8);
        Assert.False(caller.IsEnded);

        Assert.True(caller.Withdraw(default));
        recorder.Held!.Release(null);

        Assert.Equal("withdrawn", await caller.End.Within());
        Assert.Equal((0, CallOutcome.Ok), (caller.Deliveries, recorder.Held.Outcome));
        Assert.False(caller.Withdraw(default));
    }

    [Fact]
    public void Release_TheExchangeIsUsedAgain_ReachesNobody()
    {
        var recorder = new HoldingRecorder();
        var caller = Begin(recorder, out var generation);
        caller.Refuse(generation, new RouterError(ErrorCodes.InvalidParams, "no"));
        caller.Begin();

        recorder.Held!.Release(null);

        Assert.Equal(0, caller.Deliveries);
        Assert.False(caller.IsEnded);
    }

    private static TestExchange Begin(IRecorder recorder, out int generation)
    {
        var caller = new TestExchange();
        generation = caller.Begin();
        caller.CallerId.Set("1"u8);
        caller.Record = new CallRecord(recorder, caller, generation);
        return caller;
    }

    /// <summary>Lets every answer wait until it is told.</summary>
    private sealed class HoldingRecorder : IRecorder
    {
        public CallRecord? Held { get; private set; }

        public bool IsOn => true;

        public RouterError? Admit() => null;

        public bool Add(CallRecord record)
        {
            Held = record;
            return true;
        }

        public void Add(ChangeRecord record)
        {
        }
    }
}
