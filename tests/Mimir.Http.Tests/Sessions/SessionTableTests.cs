using Mimir.Http.Sessions;
using Mimir.Http.Streams;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Tests.Support;
using Mimir.Router.Upstreams;

namespace Mimir.Http.Tests.Sessions;

public sealed class SessionTableTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly RouterEngine _engine;
    private readonly SessionTable _sessions;

    public SessionTableTests()
    {
        _engine = new RouterEngine(new RouterModel(), _ => throw new ConnectFailure("there are none"), _time);
        _sessions = new SessionTable(_engine);
    }

    public ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        return _engine.DisposeAsync();
    }

    [Theory]
    [InlineData(false, 55, true)]
    [InlineData(false, 65, false)]
    [InlineData(true, 4, true)]
    [InlineData(true, 6, false)]
    public void Reap_SilentSession_EndsSoonerWhenItsStreamWasClosed(bool listened, int minutes, bool lives)
    {
        var session = _sessions.Open(_engine.All)!;
        session.LastSeen = _engine.Clock.Now;
        if (listened)
        {
            session.Listened();
        }

        _time.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(lives ? 1 : 0, _engine.SessionCount);
    }

    [Fact]
    public void Reap_StreamIsOpen_Lives()
    {
        var session = _sessions.Open(_engine.All)!;
        session.LastSeen = _engine.Clock.Now;
        session.Listened();
        session.Unasked.Attach(-1);

        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(1, _engine.SessionCount);
    }

    [Fact]
    public void OpenLog_AFloodInEachOfManyCalls_TheSessionKeepsNoMoreThanMayBeQueued()
    {
        var session = _sessions.Open(_engine.All)!;
        var most = _engine.Model.Limits.MaxQueuedBytes;
        using var buffer = new PooledBuffer();
        for (var call = 0; call < 300; call++)
        {
            var log = session.OpenLog();
            var reader = log.Attach(0);
            for (var news = 0; news < 300; news++)
            {
                log.Append("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}"u8, default, droppable: true);
                log.TryTake(reader, buffer);
                buffer.Clear();
            }

            log.Complete();
            log.Detach(reader);
        }

        Assert.InRange(session.KeptBytes, most / 2, most);
        Assert.Null(session.FindLog("p50-1", out _));
        Assert.NotNull(session.FindLog("p300-1", out _));
    }
}
