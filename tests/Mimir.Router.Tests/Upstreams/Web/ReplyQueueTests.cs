using System.Collections.Concurrent;
using Mimir.Router.Upstreams.Web;

namespace Mimir.Router.Tests.Upstreams.Web;

public sealed class ReplyQueueTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<byte> _sent = new();
    private readonly SemaphoreSlim _permits = new(0);
    private readonly SemaphoreSlim _done = new(0);

    [Fact]
    public async Task TryAdd_MoreThanMayBeUnderWay_TheOthersWaitAndFollow()
    {
        var queue = new ReplyQueue(SendAsync);
        for (byte i = 0; i < ReplyQueue.Width + 3; i++) Assert.True(queue.TryAdd([i]));

        Assert.Equal(ReplyQueue.Width, _sent.Count);
        _permits.Release(ReplyQueue.Width + 3);
        for (var i = 0; i < ReplyQueue.Width + 3; i++) Assert.True(await _done.WaitAsync(s_patience, TestContext.Current.CancellationToken));

        Assert.Equal(Enumerable.Range(0, ReplyQueue.Width + 3).Select(i => (byte)i), _sent.Order());
    }

    [Fact]
    public void TryAdd_NobodyTakesThem_RefusesBeyondTheLimit()
    {
        var queue = new ReplyQueue(SendAsync);
        for (var i = 0; i < ReplyQueue.Width + ReplyQueue.MostWaiting; i++) Assert.True(queue.TryAdd([0]));

        Assert.False(queue.TryAdd([0]));
        Assert.Equal(ReplyQueue.Width, _sent.Count);
    }

    [Fact]
    public async Task TryAdd_ThoseBeforeItFail_IsSent()
    {
        var queue = new ReplyQueue(async frame =>
        {
            await SendAsync(frame);
            throw new HttpRequestException();
        });
        for (byte i = 0; i < 2 * ReplyQueue.Width; i++) queue.TryAdd([i]);

        _permits.Release(2 * ReplyQueue.Width);
        for (var i = 0; i < 2 * ReplyQueue.Width; i++) Assert.True(await _done.WaitAsync(s_patience, TestContext.Current.CancellationToken));

        Assert.Equal(2 * ReplyQueue.Width, _sent.Count);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        _sent.Enqueue(frame.Span[0]);
        await _permits.WaitAsync(s_patience);
        _done.Release();
    }
}
