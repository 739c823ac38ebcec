using System.Collections.Concurrent;
using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.State;

namespace Mimir.Router.Tests.Support;

/// <summary>A caller that keeps what it gets and counts its ends.</summary>
public class TestExchange(string door = "") : Exchange
{
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _news = new(0);
    private int _deliveries;
    private int _settled;
    private int _withdrawn;

    /// <summary>The answer or error as the caller sees it; "withdrawn" when there is none.</summary>
    public Task<string> End => _end.Task;

    /// <summary>What came and was no end.</summary>
    public ConcurrentQueue<string> Related { get; } = new();

    /// <summary>Answers and errors handed over.</summary>
    public int Deliveries => Volatile.Read(ref _deliveries);

    public int Settles => Volatile.Read(ref _settled);

    public int Withdrawals => Volatile.Read(ref _withdrawn);

    public override string Door => door;

    public async Task<string> NewsAsync()
    {
        Assert.True(await _news.WaitAsync(Patience.Long), "nothing came");
        return Related.TryDequeue(out var news) ? news : throw new InvalidOperationException();
    }

    protected override void OnFinal(ReadOnlySpan<byte> frame, in SpliceList splices) => Deliver(Text(frame, splices));

    protected override bool OnRelated(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        Related.Enqueue(Text(frame, splices));
        _news.Release();
        return true;
    }

    protected override void OnError(RouterError error) => Deliver(Encoding.UTF8.GetString(error.ToFrame(CallerId.Span)));

    protected override void OnResult(ReadOnlySpan<byte> result)
    {
        scoped SpliceList splices = default;
        ResultFrame.Wrap(ref splices, CallerId.Span, result.Length);
        Deliver(Text(result, splices));
    }

    protected override void Settled() => Interlocked.Increment(ref _settled);

    protected override void Withdrawn()
    {
        Interlocked.Increment(ref _withdrawn);
        _end.TrySetResult("withdrawn");
    }

    private static string Text(ReadOnlySpan<byte> frame, in SpliceList splices)
    {
        var copy = new byte[splices.LengthOf(frame)];
        splices.CopyTo(frame, copy);
        return Encoding.UTF8.GetString(copy);
    }

    private void Deliver(string text)
    {
        Interlocked.Increment(ref _deliveries);
        _end.TrySetResult(text);
    }
}
